"""Another second, candidates and storyboards of a video."""

import json
import time
import urllib.parse
import urllib.request

from selenium.webdriver.common.action_chains import ActionChains

from browser_test import BASE, DEMO, TOKEN
from operators_common import SERVICE, STATUS


class Moments:
    def test_12_another_second(self):
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        video = self.insert("Another second")
        first = self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video))
        for name, secret, answer in (("status", STATUS, 403), ("cron", TOKEN, 401)):
            self.sign_in(secret, f"/#video={video}")
            self.eventually("its time line", lambda: self.all("#timeline .chooser"))
            self.click("#timeline .chooser summary")
            self.eventually("greyed, with the reason", lambda: "This needs SERVICE_ROLE_KEY" in self.text("#timeline .chooser"))
            greyed = self.all("#timeline .chooser button")
            self.assertEqual([b.is_enabled() for b in greyed], [False], f"with the {name} secret")
            self.assertEqual(greyed[0].get_attribute("title"), "This needs SERVICE_ROLE_KEY: a picture is replaced only by the platform itself.")
            self.assertEqual(self.all("#timeline #choose-second"), [])
            self.picture(f"choose-refused-{name}")
            self.axe(f"a choice that is refused, {name}")
            self.assertEqual(self.driver.execute_async_script("""
              const [body, done] = arguments;
              fetch('/functions/v1/auto-generate-thumbnail', {method: 'POST', headers: {authorization: `Bearer ${sessionStorage.getItem('thumbnails-token')}`}, body}).then((r) => done(r.status))""",
              json.dumps({"videoId": video, "regenerate": True, "timeSeconds": 1})), answer, "nor by another way")
        self.sign_in(SERVICE, f"/#video={video}")
        self.driver.refresh()
        self.eventually("its time line", lambda: self.all("#timeline #choose-second"))
        self.click("#timeline .chooser summary")
        self.driver.execute_script("const s = document.querySelector('#timeline input[type=range]'); s.value = 4; s.dispatchEvent(new Event('input'))")
        self.assertAlmostEqual(float(self.find("#choose-second").get_attribute("value")), 4, delta=0.1)
        field = self.find("#choose-second")
        field.clear()
        field.send_keys("3.5")
        film = "const v = document.querySelector('#timeline .sides video'); return v && !v.seeking && v.readyState >= 2 && v.currentTime"
        self.eventually("what is there, beside the picture that is", lambda: self.driver.execute_script(film) == 3.5)
        self.assertEqual(self.texts("#timeline .sides figcaption"), ["Now", "New · 3.5 secs"])
        self.driver.execute_script("window.open = (...how) => { window.opened = how; }")
        self.click("#timeline [data-name=open]")
        self.eventually("the video is opened at that second", lambda: self.driver.execute_script("return window.opened") == [f"{DEMO}#t=3.5", "_blank", "noopener,noreferrer"])
        self.picture("choose")
        self.axe("choosing another second")
        self.click("#timeline [data-name=take]")
        self.eventually("it is made", lambda: "The picture at 3.5 secs is there." in self.text("#timeline .chooser"))
        self.assertEqual(self.texts("#timeline .sides figcaption"), ["Before", "New · 3.5 secs"])
        self.eventually("old and new", lambda: self.driver.execute_script(
            "const [old, made] = document.querySelectorAll('#timeline .sides img'); return old.src !== made.src && old.naturalWidth === 960 && made.naturalWidth === 960"))
        self.picture("chosen-second")
        self.eventually("another picture", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video) not in ([], first))
        at = self.sql("SELECT (thumbnail_metadata ->> 'timestampSeconds')::double precision FROM videos WHERE id = %s", video)[0][0]
        self.assertLess(abs(at - 3.5), 1, "of that second")
        self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")

    def test_12_candidates(self):
        """The best seconds: seen beside the picture there is, and one of them taken."""
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        video = self.insert("Candidates")
        first = self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video))
        self.sign_in(SERVICE, f"/#video={video}")
        self.eventually("its time line", lambda: self.all("#timeline #choose-second"))
        self.click("#timeline .chooser summary")
        self.click("#timeline [data-name=candidates]")
        buttons = "#timeline .candidates button"
        count = self.eventually("some, beside the one there is", lambda: self.all("#timeline .candidates figure") and len(self.all(buttons)))
        self.assertIn(count, (5, 6))
        self.assertRegex(self.text("#timeline .candidates figure"), "^Now · ")
        self.eventually("their pictures", lambda: self.driver.execute_script(
            "return Array.from(document.querySelectorAll('#timeline .candidates button img')).every((e) => e.src.startsWith('data:image/jpeg') && e.naturalWidth > 100 && e.naturalWidth === Number(e.getAttribute('width')))"))
        seconds = [float(value) for value in self.attributes(buttons, "value")]
        there = self.sql("SELECT (thumbnail_metadata ->> 'timestampSeconds')::double precision FROM videos WHERE id = %s", video)[0][0]
        self.assertEqual(len({*seconds, there}), count + 1, "each another, and none the one there is")
        self.click(buttons, 1)
        self.assertEqual(self.attributes(buttons, "aria-pressed"), ["false", "true"] + ["false"] * (count - 2))
        self.assertRegex(" ".join(self.texts("#timeline .sides figcaption")), "^Now New · ")
        self.assertEqual(float(self.find("#choose-second").get_attribute("value")), seconds[1], "what is taken")
        self.assertAlmostEqual(self.find("#timeline input[type=range]").get_property("valueAsNumber"), seconds[1], delta=0.04)
        with self.contrast():
            look = "const s = getComputedStyle(arguments[0]); return [s.borderTopWidth, s.borderTopStyle]"
            self.assertNotEqual(*(self.driver.execute_script(look, button) for button in self.all(buttons)[:2]), "which is chosen is seen with a contrast theme, too")
        self.picture("candidates")
        self.axe("candidates")
        self.metrics(360, 740, True)
        self.assertLessEqual(self.driver.execute_script("return document.querySelector('#timeline').scrollWidth"), 360)
        self.driver.execute_script("document.querySelector('#timeline .candidates').scrollIntoView()")
        self.picture("phone-candidates")
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.click("#timeline [data-name=take]")
        self.eventually("it is made", lambda: "is there." in self.text("#timeline .chooser"))
        url, at = self.sql("SELECT thumbnail_url, (thumbnail_metadata ->> 'timestampSeconds')::double precision FROM videos WHERE id = %s", video)[0]
        self.assertNotEqual(url, first[0][0])
        self.assertAlmostEqual(at, seconds[1], delta=0.05)
        self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")

    def test_12_storyboard(self):
        """Made for one video: a player reads its list, and the element shows its pictures under the pointer."""
        self.sql("SELECT thumbnails.resume(NULL, NULL)")
        video = self.insert("Storyboard")
        self.eventually("its thumbnail", lambda: self.sql("SELECT thumbnail_url FROM videos WHERE id = %s AND thumbnail_generation_status = 'completed'", video))
        ask = urllib.request.Request(f"{BASE}/functions/v1/auto-generate-thumbnail", json.dumps({"videoId": video, "storyboard": True}).encode(),
                                     {"Authorization": f"Bearer {SERVICE}", "Content-Type": "application/json"})
        self.assertEqual(urllib.request.urlopen(ask).status, 202)
        row = self.eventually("its storyboard", lambda: self.sql(
            "SELECT to_jsonb(v) FROM videos AS v WHERE id = %s AND thumbnail_metadata ? 'storyboard'", video))[0][0]
        board = row["thumbnail_metadata"]["storyboard"]
        self.sql("SELECT thumbnails.pause(NULL, NULL, 'The test', 'nothing is made')")
        self.driver.get(f"{BASE}/elements/")
        cues = self.driver.execute_async_script("""
          const [url, done] = arguments;
          const player = document.createElement('video'), list = document.createElement('track');
          Object.assign(list, {kind: 'metadata', src: url, default: true, onload: () => done([...list.track.cues].map((c) => [c.startTime, c.endTime, c.text])), onerror: () => done(null)});
          player.append(list); document.body.append(player); list.track.mode = 'hidden';""", board["url"])
        self.assertEqual(len(cues), board["tiles"])
        self.assertEqual(cues[0][0], 0)
        self.assertEqual([end for _, end, _ in cues[:-1]], [begin for begin, _, _ in cues[1:]], "one after the other")
        self.assertAlmostEqual(cues[-1][1], 10, delta=0.1, msg="to the video's end")
        for begin, end, text in cues:
            name, place = text.split("#xywh=")
            x, y, width, height = map(int, place.split(","))
            self.assertEqual((width, height), (board["width"], board["height"]))
            size = self.driver.execute_async_script("const [url, done] = arguments; const i = new Image(); i.onload = () => done([i.naturalWidth, i.naturalHeight]); i.onerror = () => done(null); i.src = url", urllib.parse.urljoin(board["url"], name))
            self.assertTrue(x + width <= size[0] and y + height <= size[1], f"{text} of {size}")
        element = self.driver.execute_script("""
          const e = document.createElement('video-thumbnail'); e.lang = 'en'; document.querySelector('main').prepend(e); e.video = arguments[0]; e.scrollIntoView({block: 'center'}); return e""", row)
        tile = lambda: self.driver.execute_script("const t = arguments[0].shadowRoot.querySelector('.tile'); return t && t.getAttribute('viewBox').split(' ').slice(0, 2).map(Number)", element)
        last = [int(n) for n in cues[-1][2].split("#xywh=")[1].split(",")[:2]]

        def hover():
            width = element.size["width"]
            for nudge in (-1, 0):
                ActionChains(self.driver, duration=0).move_to_element_with_offset(element, int(width * 0.47) + nudge, 0).perform()
            return tile() == last
        self.eventually("the last picture, at the right edge", hover)
        time.sleep(0.3)
        self.picture("storyboard-of-a-video")
