.PHONY: run stop test test-all lint
run:
	@scripts/run
stop:
	@pid=$$(cat .local/tmp/supervisord.pid 2>/dev/null) && kill -TERM "$$pid" || echo "nothing is running"
test:
	@scripts/test
test-all: test
lint:
	swift format lint --strict --recursive Package.swift Sources handlers Tests
	shellcheck scripts/* .ci/run
