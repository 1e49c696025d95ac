"""What the tests of the status page are written with: a browser, the database, and what they say of both."""

import contextlib
import os
import subprocess

import psycopg2
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By

from chromium_test import ChromiumTest, chromium

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BASE = os.environ["BASE"]
TOKEN = os.environ["CRON_SECRET"]
DEMO = BASE + "/videos/demo.mp4"


def start(languages, name=""):
    return chromium(languages[:2] + name, languages=languages)


class BrowserTest(ChromiumTest):
    @classmethod
    def setUpClass(cls):
        cls.database = psycopg2.connect(os.environ["DATABASE_URL"])
        cls.database.autocommit = True
        cls.driver = start("en-GB,en")

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.database.close()

    def setUp(self):
        """However the test before it ended: a window of the usual size, light, in English."""
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.driver.media()
        self.driver.get(BASE + "/icon.svg")
        self.driver.execute_script("localStorage.removeItem('thumbnails-language')")

    # What the tests say.

    @classmethod
    def sql(cls, statement, *values):
        with cls.database.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else None

    def insert(self, title, url=DEMO):
        return self.sql("INSERT INTO videos (title, status, video_url) VALUES (%s, 'completed', %s) RETURNING id", title, url)[0][0]

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.driver.execute_script("const e = document.querySelector(arguments[0]); return e ? e.innerText : null", selector)

    def texts(self, selector):
        """Of all that it finds, in one step: each report may draw them anew."""
        return self.driver.execute_script("return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)", selector)

    def attributes(self, selector, name):
        return self.driver.execute_script("return [...document.querySelectorAll(arguments[0])].map((e) => e.getAttribute(arguments[1]))", selector, name)

    def failure(self, words):
        """What the reason with these words says."""
        return self.eventually(f"the reason {words}", lambda: next((text for text in self.texts("#failures article") if words in text), None))

    def places(self):
        """Takes note of where things are read out."""
        self.driver.execute_script("window.places = [...document.querySelectorAll('[role=status], [aria-live]')]")

    def read_out(self, words):
        """Whether they stand in a place that was there before they came: else they are not read out."""
        return self.driver.execute_script("return places.some((p) => p.isConnected && p.textContent.includes(arguments[0]))", words)

    def whole_picture(self, name):
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        width = self.driver.execute_script("return innerWidth")
        self.metrics(width, min(height, 4000))
        self.picture(name)
        self.metrics(width, 900)

    def metrics(self, width, height, mobile=False):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile})

    def scheme(self, scheme):
        self.driver.media(**{"prefers-color-scheme": scheme})

    @contextlib.contextmanager
    def contrast(self):
        self.driver.media(**{"forced-colors": "active"})
        try:
            yield
        finally:
            self.driver.media()

    @contextlib.contextmanager
    def script_of_every_page(self, source):
        """Run before the scripts of any page that is loaded meanwhile."""
        script = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)

    def place(self, what, number=0):
        """
        Where it is, in the middle of the window, where no bar lies over it: of all that a selector finds, the one of this number (or a first one that says
        these words), or an element. A selector is looked up in the same step: what was found in one before may have been drawn anew since.
        """
        return self.driver.execute_script("""
          const [what, number] = arguments, all = typeof what === "string" ? [...document.querySelectorAll(what)] : [what];
          const element = typeof number === "string" ? all.find((e) => e.closest("article, .notice").innerText.includes(number)) : all[number];
          if (!element) throw new Error(`nothing is there: ${what} ${number}`);
          element.scrollIntoView({block: "center", behavior: "instant"});
          const { x, y, width, height } = element.getClientRects()[0], place = [x + width / 2, y + height / 2], top = document.elementFromPoint(...place);
          if (!element.contains(top) && !element.getRootNode().host?.contains(top) && !top?.contains(element)) throw new Error(`under ${top?.outerHTML.slice(0, 200)}`);
          return place""", what, number)

    def point(self, what, number=0):
        actions = ActionBuilder(self.driver)
        actions.pointer_action.move_to_location(*self.place(what, number))
        actions.perform()

    def click(self, what, number=0):
        """As people click: at a place, where the page may have made it anew since they looked, and not in an instant: much can happen between pressing and letting go."""
        actions = ActionBuilder(self.driver)
        actions.pointer_action.move_to_location(*self.place(what, number)).pointer_down().pause(0.1).pointer_up()
        actions.perform()

    def press(self, keys):
        """Typed as people do: to whatever has the focus by then, which the page may have made anew since somebody looked."""
        ActionChains(self.driver).send_keys(keys).perform()

    def in_shadow(self, host, selector):
        return self.driver.execute_script("return arguments[0].shadowRoot.querySelector(arguments[1])", host, selector)

    def sign_in(self, token=TOKEN, address="/"):
        self.driver.get(BASE + "/")
        self.driver.execute_script("sessionStorage.setItem('thumbnails-token', arguments[0])", token)
        self.driver.get(BASE + address)
        if "#" in address:  # which alone loads nothing anew
            self.driver.refresh()
        self.eventually("the figures", lambda: self.figure("success"))

    def reload(self):
        """Until the figures are there: before them, what lies under them still moves, and a click meets something else."""
        self.driver.refresh()
        self.eventually("the figures", lambda: self.figure("success"))

    def hold_still(self):
        """No look changes what is shown any more: there is one at a time, and the next one has begun and gets no answer."""
        self.driver.execute_script("window.begun = false; window.fetch = () => { window.begun = true; return new Promise(() => {}); }; dispatchEvent(new Event('online'))")
        self.eventually("the next look", lambda: self.driver.execute_script("return begun"))

    def figure(self, name):
        return self.text(f"[data-figure={name}] .value")

    def card(self, video):
        return next(iter(self.all(f"#gallery [data-key='{video}']")), None)

    def control(self, *words):
        subprocess.run(["supervisorctl", "-c", os.environ["CONTROL"], *words], check=True, stdout=subprocess.DEVNULL)

    def health(self):
        return self.sql("SELECT completed_count, failed_count, processing_count, pending_count, success_rate_percent, avg_generation_time_seconds"
                        " FROM thumbnail_generation_health")[0]
