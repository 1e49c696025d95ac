"""The page where something is wrong: server down, offline, conditions, refused results."""

from browser_test import BASE


class Faults:
    def test_13_server_down(self):
        self.sign_in()
        before = self.figure("failed")
        self.control("stop", "nginx")
        try:
            self.eventually("it is said", lambda: "cannot be reached" in (self.text("#notices") or ""))
            self.assertEqual(self.figure("failed"), before, "what was seen last stays")
            self.assertIn("No answer since", self.text("#liveness"))
            self.picture("server-down")
        finally:
            self.control("start", "nginx")
        self.eventually("it comes back by itself", lambda: self.text("#liveness") == "Live" and not self.text("#notices"))
        self.control("stop", "retry-stuck-thumbnails:*")
        try:
            self.eventually("no handler: nginx says so", lambda: "The handler is not running" in (self.text("#notices") or ""))
        finally:
            self.control("start", "retry-stuck-thumbnails:*")
        self.eventually("it comes back by itself", lambda: self.text("#liveness") == "Live")

    def test_14_offline(self):
        self.sign_in()
        self.driver.execute_cdp_cmd("Network.enable", {})
        conditions = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **conditions})
        try:
            self.eventually("it is said", lambda: "This device is offline" in (self.text("#notices") or ""))
        finally:
            self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **conditions})
        self.eventually("back at once", lambda: self.text("#liveness") == "Live")

    def test_15_conditions(self):
        self.addCleanup(self.sql, "UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled'; DELETE FROM thumbnails.breakers;"
                        " DELETE FROM thumbnails.workers WHERE host = 'bare'; DELETE FROM thumbnails.set_aside")
        self.sign_in()
        self.sql("UPDATE system_config SET value = 'false' WHERE key = 'auto_thumbnail_enabled'")
        self.eventually("switched off", lambda: "switched off" in (self.text("#notices") or ""))
        self.sql("UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled'")
        for host in ("worker-1", "worker-2"):
            self.sql("INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error)"
                     " VALUES ('storage', %s, 6, '{}', now() + interval '1 hour', 'the store answered 403')", host)
        self.eventually("the store, and whose", lambda: "The object store refuses thumbnails of worker-1, worker-2 (the store answered 403)" in (self.text("#notices") or ""))
        self.picture("store-refuses")
        self.sql("UPDATE thumbnails.breakers SET open_until = now() - interval '1 second' WHERE host = 'worker-1'")
        self.eventually("one of them goes on", lambda: "thumbnails of worker-2 (" in (self.text("#notices") or ""))
        self.sql("DELETE FROM thumbnails.breakers")
        self.eventually("over", lambda: not self.text("#notices"))
        self.sql("SELECT thumbnails.note_worker('auto-generate-thumbnail:1@bare', 'auto-generate-thumbnail', 'bare', 1, v.version, 'FastCGI', 'off', 0, 0, NULL, NULL, 0)"
                 " FROM (SELECT min(version) AS version FROM thumbnails.workers) AS v")
        self.eventually("no box", lambda: "videos are decoded without a box, because MEDIA_SANDBOX is off, on bare" in (self.text("#notices") or ""))
        self.picture("no-box")
        self.sql("DELETE FROM thumbnails.workers WHERE host = 'bare'")
        self.eventually("over", lambda: not self.text("#notices"))
        self.sql("INSERT INTO thumbnails.set_aside (video_id, reason, sqlstate, text) VALUES (gen_random_uuid(), 'finished', '22000', 'odd')")
        self.eventually("what could not be queued", lambda: "1 change of videos could not be queued" in (self.text("#notices") or ""))
        self.sql("DELETE FROM thumbnails.set_aside")
        self.eventually("over", lambda: not self.text("#notices"))

    def test_15_configuration_that_cannot_work(self):
        """It keeps only what the database sends itself."""
        self.addCleanup(self.sql, "UPDATE system_config SET value = replace(value, '/functions/v1', '') WHERE key = 'supabase_url'")
        self.sql("UPDATE system_config SET value = value || '/functions/v1' WHERE key = 'supabase_url'")
        self.sign_in()
        self.eventually("it is said", lambda: "supabase_url is the base URL, without /functions/v1. Until then the database sends no webhooks itself; the relay"
                        in (self.text("#notices") or ""))
        video = self.insert("Woken by the relay")
        self.eventually("others go on", lambda: self.sql("SELECT thumbnail_generation_status FROM videos WHERE id = %s", video)[0][0] == "completed")

    def test_15_results_the_platform_refuses(self):
        self.addCleanup(self.sql, "DROP FUNCTION IF EXISTS bad_deploy CASCADE")
        self.sql("CREATE FUNCTION bad_deploy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'column \"foo\" does not exist'; END $$")
        self.sql("CREATE TRIGGER bad_deploy BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION bad_deploy()")
        video = self.insert("Refused")
        self.sign_in()
        self.eventually("that it is kept", lambda: "Finished results that are kept: 1." in (self.text("#notices") or ""))
        self.assertIn('column "foo" does not exist', self.text("#notices"), "and what the platform says")
        self.assertEqual(len(self.all("#notices p")), 1, "which is said once")
        self.assertIn("results kept: 1", self.text("[data-figure=pending] .note"))
        self.picture("kept")
        self.axe("with a result that is kept")
        self.find("#language").click()
        self.eventually("in Chinese", lambda: "已保留 1 个完成的结果" in self.text("#notices"))
        self.assertIn("已保留结果 1 个", self.text("[data-figure=pending] .note"))
        self.find("#language").click()
        self.driver.get(f"{BASE}/#video={video}")
        self.eventually("its time line", lambda: "The platform refuses the result, which is kept" in (self.text("#timeline") or ""))
        self.assertIn("class platform", self.text("#timeline"))
        self.sql("DROP TRIGGER bad_deploy ON videos")
        self.sql("DROP FUNCTION bad_deploy()")
        self.eventually("written when the platform takes it", lambda: "Thumbnail stored" in (self.text("#timeline") or ""))
        self.assertEqual(self.text("#timeline").count("A worker took it"), 1, "and not made again")
        self.assertNotIn("class kept", self.text("#timeline"))
        self.click("#timeline [data-name=close]")
        self.eventually("over", lambda: not self.text("#notices"))
