# Renders Home Assistant's templates: reads lines of JSON [template, payload] and writes the result of each as JSON.
import datetime
import json
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment


def strptime(text, form, default):
    try:
        return datetime.datetime.strptime(text, form)
    except (TypeError, ValueError):
        return default


environment = ImmutableSandboxedEnvironment()
environment.globals["strptime"] = strptime
for line in sys.stdin:
    template, payload = json.loads(line)
    print(json.dumps(environment.from_string(template).render(value_json=json.loads(payload))))
