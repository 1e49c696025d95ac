"""client.py BASE VIDEO: what openapi-python-client has made of docs/openapi.yaml, used against the stack: every operation is there, takes what it is
given, and understands its answer, of which the document names every field. VIDEO has a thumbnail. Connects with SERVICE_ROLE_KEY."""

import os
import sys
import uuid

import attrs
from generated import AuthenticatedClient, models
from generated.api.default import generate, health, metrics, report, retry, scheduled

base, video = sys.argv[1:]
client = AuthenticatedClient(base_url=base, token=os.environ["SERVICE_ROLE_KEY"])


def expect(call, status, kind, **given):
    answer = call.sync_detailed(client=client, **given)
    if (answer.status_code, type(answer.parsed)) != (status, kind):
        sys.exit(f"{call.__name__} {given}: {answer.status_code}, {type(answer.parsed)}\n{answer.content[:500]}")
    return answer.parsed


def unnamed(value):
    """Fields that the document does not name, but for those that are open by their nature."""
    if isinstance(value, list):
        return {field for item in value for field in unnamed(item)}
    if not attrs.has(type(value)) or type(value).__name__ in OPEN:
        return set()
    fields = {f"{type(value).__name__}.{name}" for name in value.additional_properties}
    return fields.union(*(unnamed(getattr(value, field.name)) for field in attrs.fields(type(value)) if field.name != "additional_properties"))


def expect_data(kind, **given):
    data = expect(report, 200, models.Answer, **given).data
    first = data[0] if isinstance(data, list) else data
    if type(first) is not kind or unnamed(data):
        sys.exit(f"report {given}: {type(first)}, without a name {unnamed(data)}")
    return data


#: What a row's picture was made of, what is counted by class or kind.
OPEN = {"Metadata", "EventDetailType0", "ReportHeld", "ReportDecoderEndsLastDay", "ReportDecoderEndsTotal"}

expect(health, 200, models.HealthResponse200)
expect(generate, 200, models.Skipped, body={"videoId": video})
expect(generate, 200, models.Generated, body={"videoId": video, "regenerate": True})
expect(generate, 400, models.Failure, body={})
workers = expect_data(models.Report).workers.list_
if not workers or unnamed(workers):
    sys.exit(f"the workers of the report: {workers}")
if not expect_data(models.VideoList, videos=models.ReportVideos.COMPLETED).videos:
    sys.exit("no video is completed")
if not expect_data(models.Timeline, video_id=uuid.UUID(video)).events:
    sys.exit("the video has no history")
expect_data(models.Hour, history=models.ReportHistory.VALUE_0)
expect_data(str, video_id=uuid.UUID(video), url_query=models.ReportUrl.FULL)
expect(retry, 200, models.Swept, body=models.Sweep())
expect(retry, 409, models.Failure, body=models.RestartType0(video_id=video))
expect(retry, 200, models.Done, body=models.RestartType1(batch=1))
expect(retry, 200, models.Done, body=models.OperationType0(operation=models.OperationType0Operation.PAUSE, tenant="a client's"))
expect(retry, 200, models.Done, body=models.OperationType0(operation=models.OperationType0Operation.RESUME, tenant="a client's"))
expect(scheduled, 200, models.ScheduledResponse200)
expect(metrics, 200, str)
