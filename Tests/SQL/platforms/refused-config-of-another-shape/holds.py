"""The platform has a `system_config` of its own, whose values are jsonb: refused, and nothing is changed."""

REFUSED = "public.system_config is something else here"
