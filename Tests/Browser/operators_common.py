"""What the parts of test_operators.py share."""

import os

STATUS, SERVICE = os.environ["STATUS_SECRET"], os.environ["SERVICE_ROLE_KEY"]
UPLOADER = "00000000-0000-4000-9000-00000000000a"
