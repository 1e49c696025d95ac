"""What every test in a browser is written with, whatever page it looks at, and Chromium."""

import contextlib
import glob
import os
import time
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WORK = os.environ["WORK"]
SCREENSHOTS = os.environ["SCREENSHOTS"]
with open(os.environ["AXE"], encoding="utf-8") as script:
    AXE = script.read()


class Chromium(webdriver.Chrome):
    """With what the tests of the element want of every browser."""

    def media(self, **features):
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": name, "value": value} for name, value in features.items()]})

    def javascript(self, is_on):
        self.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not is_on})

    def problems(self):
        return [line["message"] for line in self.get_log("browser") if line["level"] == "SEVERE" and "Failed to load resource" not in line["message"]]

    def quit(self):
        """Returns when the browser has ended, too: until then it writes into its profile, also after that was removed."""
        profile = self.capabilities["chrome"]["userDataDir"].encode()
        super().quit()
        while any(profile in command for command in commands()):
            time.sleep(0.05)


def commands():
    """The command lines of all processes."""
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with contextlib.suppress(OSError), open(path, "rb") as file:
            yield file.read()


def chromium(profile, *arguments, languages=None, strategy="normal"):
    """A browser with a profile of that name. `strategy`: for how long opening a page waits, as Selenium calls it."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    options.page_load_strategy = strategy
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1280,900", "--no-first-run",
                     "--force-color-profile=srgb", f"--user-data-dir={WORK}/chromium-{profile}", *arguments):
        options.add_argument(argument)
    if languages:
        options.add_experimental_option("prefs", {"intl.accept_languages": languages})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Chromium(service=Service("/usr/bin/chromedriver"), options=options)


class ChromiumTest(unittest.TestCase):
    #: For how many seconds something is waited for, and how its pictures' names begin. On a busy machine the page itself waits for up to a
    #: minute after a look that took long.
    patience, pictures = 150, ""

    def eventually(self, what, condition):
        last, end = None, time.time() + self.patience
        while time.time() < end:
            last = condition()
            if last:
                return last
            time.sleep(0.05)
        self.picture("failed")
        self.fail(f"{what}: {last!r} after {self.patience} s\n{self.driver.execute_script('return document.body?.innerText')}")

    def picture(self, name):
        self.driver.save_screenshot(os.path.join(SCREENSHOTS, f"{self.pictures}{name}.png"))

    def axe(self, where):
        self.driver.execute_script(AXE)
        report = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(done, (e) => done({violations: [{id: String(e), nodes: []}]}))")
        problems = [f"{v['id']}: {[n['target'] for n in v['nodes']][:4]} {[n.get('failureSummary') for n in v['nodes']][:2]}" for v in report["violations"]]
        self.assertEqual(problems, [], f"axe, {where}")
