"""OpenFeature's released Python client against Pushnami: asks, and writes what it was told as one line of JSON.

Called with the address of abtest, the address of metrics and the visitor.
"""

import json
import sys
import urllib.request

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext


class PushnamiProvider(OFREPProvider):
    """The released provider; what is tracked becomes an event."""

    def __init__(self, abtest: str, metrics: str) -> None:
        super().__init__(abtest)
        self.metrics = metrics

    def track(self, tracking_event_name, evaluation_context=None, tracking_event_details=None):
        event = {
            "visitor_id": evaluation_context.targeting_key,
            "event_type": "track",
            "event_name": tracking_event_name,
            "metadata": tracking_event_details.attributes if tracking_event_details else {},
        }
        request = urllib.request.Request(
            f"{self.metrics}/api/events",
            data=json.dumps(event).encode(),
            headers={"content-type": "application/json"},
        )
        urllib.request.urlopen(request).close()


def main() -> None:
    abtest, metrics, visitor = sys.argv[1:]
    provider = PushnamiProvider(abtest, metrics)
    api.set_provider(provider)
    client = api.get_client()
    context = EvaluationContext(visitor, {"plan": "gold"})
    nobody = EvaluationContext(None, {})
    found = {
        "toggle": client.get_boolean_details("matrix_rain", False, context),
        "settings": client.get_object_details("matrix_rain.config", {}, context),
        "experiment": client.get_string_details("landing-page-theme", "none", context),
        "unknown": client.get_boolean_details("no-such-flag", True, context),
        "mismatch": client.get_string_details("matrix_rain", "default", context),
        "nobody": client.get_string_details("landing-page-theme", "default", nobody),
    }
    shown = {
        name: {
            "value": details.value,
            "variant": details.variant,
            "reason": str(details.reason) if details.reason else None,
            "error": details.error_code.value if details.error_code else None,
        }
        for name, details in found.items()
    }
    provider.track("bought", context, None)
    print(json.dumps(shown))


main()
