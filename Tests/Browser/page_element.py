"""The page that documents <video-thumbnail>, with it at work."""

import json
import os
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser_test import BASE
from chromium_test import WORK


class PageOfTheElement:
    def test_17_element(self):
        self.driver.get(BASE + "/elements/")
        self.eventually("the states", lambda: len(self.all("video-thumbnail")) == 9)
        words = self.driver.execute_script("return Array.from(document.querySelectorAll('.demo video-thumbnail')).map((e) => e.shadowRoot.textContent)")
        self.assertEqual(words[:8], ["Waiting…", "Generating…", "!Failedthe origin answered 404 (not found)Retry", "", "等待生成…", "生成中…", "!生成失败重试", "生成中…"])
        self.eventually("the demo fails", lambda: "Failed" in self.driver.execute_script("return live.shadowRoot.textContent"))
        self.click(self.in_shadow(self.find("#live"), "button"))
        self.assertEqual(self.text("#said"), 'retry {"videoId":"demo"}')
        self.eventually("and then has its picture", lambda: self.driver.execute_script("return live.shadowRoot.querySelector('img').naturalWidth") == 960)
        self.whole_picture("element")
        self.axe("documentation")
        self.driver.execute_script("live.shadowRoot.querySelector('[role=slider]').focus()")
        self.eventually("its tiles", lambda: ActionChains(self.driver).send_keys(Keys.END).perform()
                        or self.driver.execute_script("return live.shadowRoot.querySelector('.time')?.textContent") == "0:50")
        self.picture("element-tiles")
        # Every sentence there is in both languages, one of them at a time.
        seen = {}
        for name, other in (("en", "zh-CN"), ("zh-CN", "en")):
            self.assertEqual(self.driver.execute_script("return document.documentElement.lang"), name)
            self.assertTrue(all(e.is_displayed() for e in self.all(f"main p[lang={name}], main span[lang={name}]")))
            self.assertFalse(any(e.is_displayed() for e in self.all(f"main p[lang={other}], main span[lang={other}], .tools span[lang={other}]")))
            seen[name] = len(self.all(f"[lang={name}]:not(html, button, video-thumbnail)"))
            loose = self.driver.execute_script("""
              const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT); const found = [];
              for (let n = walker.nextNode(); n; n = walker.nextNode()) if (n.textContent.trim() && !n.parentElement.closest('[lang]:not(html), pre, figcaption, td:not(:last-child)')) found.push(n.textContent);
              return found""")
            self.assertEqual(loose, [], "no sentence is in one language alone")
            self.assertEqual(self.driver.execute_script("return live.lang"), name)
            self.find("#language").click()
        self.assertEqual(seen["en"], seen["zh-CN"])
        self.find("#language").click()
        self.whole_picture("element-chinese")
        self.axe("documentation in Chinese")
        self.metrics(320, 740, True)
        wide = "return [...document.querySelectorAll('main p')].filter((p) => p.scrollWidth > p.clientWidth).map((p) => p.textContent)"
        self.assertEqual(self.driver.execute_script(wide), [], "on a small phone, no word leaves its card in Chinese")
        self.find("#language").click()
        self.assertEqual(self.driver.execute_script(wide), [], "nor in English")
        self.metrics(360, 740, True)
        self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), 360)
        self.whole_picture("element-phone")
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        # By polling a URL of the site's own.
        polled = os.path.join(WORK, "state/public/videos/polled.json")

        def answer(**row):
            with open(polled + ".new", "w") as file:
                json.dump(row, file)
            os.chmod(polled + ".new", 0o644)
            os.rename(polled + ".new", polled)

        answer(thumbnail_url=None, thumbnail_generation_status="processing")
        self.driver.execute_script("""
          window.heard = []; const e = document.createElement('video-thumbnail'); e.id = 'polling'; e.lang = 'en'; e.videoId = 'v1'; e.interval = 1; e.poll = '/videos/polled.json';
          document.addEventListener('statuschange', (event) => heard.push(event.detail)); document.querySelector('main').append(e)""")
        self.eventually("asked", lambda: "Generating" in self.driver.execute_script("return polling.shadowRoot.textContent"))
        os.remove(polled)
        time.sleep(1.5)
        self.assertIn("Generating", self.driver.execute_script("return polling.shadowRoot.textContent"), "an answer that fails changes nothing")
        answer(thumbnail_url="/icon.svg", thumbnail_generation_status="completed")
        self.eventually("asked again", lambda: self.driver.execute_script("return polling.status") == "completed")
        self.assertEqual(self.driver.execute_script("return heard"), [{"videoId": "v1", "status": "processing"}, {"videoId": "v1", "status": "completed"}])
        count = "return performance.getEntriesByName(new URL('/videos/polled.json', location).href).length"
        asked = self.driver.execute_script(count)
        time.sleep(2.5)
        self.assertEqual(self.driver.execute_script(count), asked, "and not once it is completed")
        self.driver.execute_script("polling.src = 'javascript:alert(1)'")
        self.assertIsNone(self.in_shadow(self.find("#polling"), "img[src]"), "only pictures are shown")
        self.driver.execute_script("polling.removeAttribute('poll'); polling.src = '/icon.svg'; polling.status = 'failed'")
        self.assertEqual(self.in_shadow(self.find("#polling"), ".badge").text.split(), ["Failed", "Retry"], "with an old picture, too, it can be tried again")
        self.assertEqual(self.driver.execute_script("polling.interval = 3000000; return polling.interval"), 3600)
        self.driver.execute_script("polling.status = 'completed'; polling.src = '/none.jpg'; polling.scrollIntoView()")
        self.eventually("what cannot be loaded is said", lambda: "Picture unavailable" in self.driver.execute_script("return polling.shadowRoot.textContent"))
