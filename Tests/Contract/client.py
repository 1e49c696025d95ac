"""client.py BASE VIDEO: what openapi-python-client has made of docs/openapi.yaml, used against the stack: every operation is there, takes what it is
given, and understands its answer. VIDEO has a thumbnail. Connects with SERVICE_ROLE_KEY."""

import os
import sys

from generated import AuthenticatedClient, models
from generated.api.default import generate, health, metrics, report, retry, scheduled

base, video = sys.argv[1:]
client = AuthenticatedClient(base_url=base, token=os.environ["SERVICE_ROLE_KEY"])


def expect(call, status, kind, **given):
    answer = call.sync_detailed(client=client, **given)
    if (answer.status_code, type(answer.parsed)) != (status, kind):
        sys.exit(f"{call.__name__} {given}: {answer.status_code}, {type(answer.parsed)}\n{answer.content[:500]}")


expect(health, 200, models.HealthResponse200)
expect(generate, 200, models.Skipped, body={"videoId": video})
expect(generate, 200, models.Generated, body={"videoId": video, "regenerate": True})
expect(generate, 400, models.Failure, body={})
expect(report, 200, models.Answer)
expect(report, 200, models.Answer, videos=models.ReportVideos.COMPLETED)
expect(retry, 200, models.Swept, body=models.Sweep())
expect(retry, 409, models.Failure, body=models.RestartType0(video_id=video))
expect(retry, 200, models.Answer, body=models.OperationType0(operation=models.OperationType0Operation.PAUSE, tenant="a client's"))
expect(retry, 200, models.Answer, body=models.OperationType0(operation=models.OperationType0Operation.RESUME, tenant="a client's"))
expect(scheduled, 200, models.ScheduledResponse200)
expect(metrics, 200, str)
