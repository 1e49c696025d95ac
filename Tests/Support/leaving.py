"""Requests whose caller may leave: workers end downloads early, and faults reset connections on purpose."""

import http.server


class LeavingHandler(http.server.BaseHTTPRequestHandler):
    """A connection that breaks, or that a fault has closed, ends the request and is nobody's error; all else is one."""

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError) as error:
            if not isinstance(error, ConnectionError) and self.connection.fileno() != -1:
                raise

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            # What was still to be sent has nobody to go to.
            pass
