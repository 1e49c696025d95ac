"""WebKit as it is in GNOME's browser, which is as near to Safari as Debian comes. Wants a display and a session bus."""

import glob
import unittest

from selenium import webdriver
from selenium.webdriver.common.service import Service
from selenium.webdriver.webkitgtk.options import Options


def not_run(what):
    print(f"NOT RUN in WebKit, whose driver has no {what}")
    raise unittest.SkipTest(what)


class Driver(Service):
    def __init__(self):
        super().__init__("/usr/bin/WebKitWebDriver")

    def command_line_args(self):
        return [f"--port={self.port}"]


class WebKit(webdriver.Remote):
    def __init__(self, strategy):
        options = Options()
        options.binary_location = sorted(glob.glob("/usr/lib/*/webkit*gtk-*/MiniBrowser"))[0]
        options.add_argument("--automation")
        options.page_load_strategy = strategy
        self.service = Driver()
        self.service.start()
        super().__init__(command_executor=self.service.service_url, options=options)
        self.set_window_size(1280, 985)

    # As Chromium has them, see chromium_test.py.

    def media(self, **features):
        if features:
            not_run("media features")

    def javascript(self, _):
        not_run("way to do without JavaScript")

    def problems(self):
        not_run("log of the console")

    def quit(self):
        super().quit()
        self.service.stop()
