.PHONY: help run stop test test-all lint
help:
	@echo "make run       build, set up and run everything (PORT=8080 WORKERS=4 STATE=dir VIDEO=file-or-URL)"
	@echo "make stop      stop what make run started (STATE=dir)"
	@echo "make test      unit, SQL and end-to-end suites"
	@echo "make test-all  make test, then the slower suites and lint"
	@echo "make lint      swift format and shellcheck"
run:
	@scripts/run
stop:
	@scripts/stop
test:
	@scripts/test
test-all: test lint
lint:
	@scripts/lint
