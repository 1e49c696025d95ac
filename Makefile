.PHONY: help run stop test test-all test-database test-origin test-storage test-media test-model test-fuzz test-browser test-packages test-operation test-systemd test-hosts test-release test-containers images deb lint bench fuzz chaos chaos-model soak gc
help:
	@echo "make run       build, set up and run everything (PORT=8080 WORKERS=4 STATE=dir VIDEO=file-or-URL)"
	@echo "make stop      stop what make run started (STATE=dir)"
	@echo "make test      unit, SQL and end-to-end suites"
	@echo "make test-all  make test, then lint and the slower suites (database hosts, hostile origin, object store, made clips, model, a short fuzz, browser, Debian packages, restarts under load, a booted systemd, several hosts)"
	@echo "make bench     time, memory and bytes beside the tools people use today"
	@echo "make chaos     several hosts and everything going wrong, half an hour (SEED=1 MIXED=300 OLD=commit)"
	@echo "make soak      two faults at a time for eight hours (MINUTES=480 SEED=1)"
	@echo "make chaos-model  the state machine through a million interleavings (SEED=1), for hours"
	@echo "make fuzz      mutated clips through the decoder (RUNS=20000 SEED=1)"
	@echo "make gc        delete the thumbnails no row names, of what make run started (STATE=dir DRY=1)"
	@echo "make deb       Debian packages of the handlers, the relay, nginx's configuration and the migrations, in .build/deb"
	@echo "make images    container images of the same with buildah, from those packages, in .build/images"
	@echo "make test-release  what is looked at before a release: the container images as compose.yaml runs them"
	@echo "make lint      swift format and shellcheck"
run:
	@scripts/run
stop:
	@scripts/stop
test:
	@scripts/test
test-all: test lint test-database test-origin test-storage test-media test-model test-fuzz test-browser test-packages test-operation test-systemd test-hosts
test-database:
	@scripts/test-database
test-origin:
	@scripts/test-origin
test-storage:
	@scripts/test-storage
test-model:
	@scripts/test-model
test-fuzz:
	@RUNS=300 scripts/fuzz
deb:
	@scripts/deb
test-operation:
	@scripts/test-operation
test-packages:
	@scripts/test-packages
test-browser:
	@scripts/test-browser
test-media:
	@scripts/test-media
bench:
	@scripts/bench
lint:
	@scripts/lint
chaos:
	@scripts/chaos
soak:
	@scripts/soak
chaos-model:
	@scripts/test-model --chaos
test-systemd:
	@scripts/test-systemd
test-hosts:
	@scripts/test-hosts
fuzz:
	@scripts/fuzz
gc:
	@scripts/gc
images: deb
	@scripts/images
test-containers:
	@scripts/test-containers
test-release: test-containers
