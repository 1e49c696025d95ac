"""What an operator does most, on the status page in Firefox and WebKit. The rest is tried in Chromium alone."""

import os
import time
import unittest

import psycopg2
from selenium.webdriver.common.keys import Keys

from browser_test import BASE, DEMO, TOKEN, BrowserTest
from chromium_test import WORK
from firefox import Firefox
from webkit import WebKit


class Browsers(BrowserTest):
    @classmethod
    def setUpClass(cls):
        cls.database = psycopg2.connect(os.environ["DATABASE_URL"])
        cls.database.autocommit = True

    @classmethod
    def tearDownClass(cls):
        cls.database.close()

    def setUp(self):
        self.addCleanup(lambda: self.driver.quit())

    def test_1_firefox(self):
        self.driver, self.pictures = Firefox(f"{WORK}/firefox-{time.monotonic()}", "normal"), "firefox-"
        self.operate()
        self.assertEqual(self.driver.problems(), [])

    def test_2_webkit(self):
        self.driver, self.pictures = WebKit("normal"), "webkit-"
        self.operate()

    def operate(self):
        video = self.insert(f"Private, {self.pictures}", "http://10.0.0.1/video.mp4")
        self.driver.get(BASE + "/")
        self.eventually("the form", lambda: self.find("#sign-in").is_displayed())
        self.find("#token").send_keys(TOKEN, Keys.ENTER)
        self.eventually("the figures", lambda: self.figure("success"))
        self.eventually("the chart", lambda: self.all("#chart svg"))
        self.failure("not public")
        self.picture("board")
        self.axe("the board")
        self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth - innerWidth"), 0, "nothing is wider than the window")
        self.click(f"#failures a[href='#video={video}']")
        self.eventually("its time line", lambda: "Attempt failed" in (self.text("#timeline") or ""))
        # Where nobody is told: as if the network had been mended.
        self.sql("ALTER TABLE videos DISABLE TRIGGER USER; UPDATE videos SET video_url = %s WHERE id = %s; ALTER TABLE videos ENABLE TRIGGER USER", DEMO, video)
        self.eventually("the button", lambda: self.all("#timeline [data-name=retry]"))
        self.click("#timeline [data-name=retry]")
        self.eventually("it is done", lambda: "The thumbnail is there." in (self.text("#timeline") or ""))
        self.picture("timeline")
        self.press(Keys.ESCAPE)
        self.eventually("Escape closes it", lambda: self.find("#timeline").get_attribute("open") is None)
        self.click("#language")
        self.eventually("in Chinese", lambda: "缩略图" in self.text("h1"))


if __name__ == "__main__":
    unittest.main(verbosity=1, failfast=bool(os.environ.get("FAILFAST")))
