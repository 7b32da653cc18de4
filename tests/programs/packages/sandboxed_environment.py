# image: example
import jinja2.sandbox

environment = jinja2.sandbox.SandboxedEnvironment()
print(environment.from_string("{{ [3,1,2]|sort|join(',') }}").render())
environment.from_string("{{ ().__class__.__bases__ }}").render()
environment.from_string("{{ ().__class__.__subclasses__() }}").render()
