.PHONY: help run stop check test test-all test-contract test-database test-origin test-storage test-media test-model test-fuzz test-browser test-packages test-operation test-systemd test-hosts test-portable test-booted test-containers test-release-bytes test-release release images deb lint bench fuzz chaos chaos-model soak gc doctor
help:
	@sed -n 's/^#: \{0,1\}//p' Makefile
#: Run it
#:   make run            build, set up and run everything (PORT=8080 WORKERS=4 STATE=dir VIDEO=file-or-URL)
#:   make stop           stop what make run started (STATE=dir)
#:   make check          whether all of it works: settings, database, store, decoder, deliveries (STATE=dir)
#:   make gc             delete the thumbnails no row names, of what make run started (STATE=dir DRY=1)
#:   make deb            Debian packages of the handlers, the relay, nginx's configuration and the migrations, in .build/deb
#:   make images         container images of the same with buildah, from those packages, in .build/images
#:   make release        packages, images, a bill of materials and checksums from a clean clone, in .build/release-files
#:   make doctor         what is missing on this machine, and how to get it
#:
#: Test it (Tests/README.md says what each proves)
#:   make test           unit, SQL and end-to-end suites, in under ten minutes
#:   make lint           swift format, shellcheck, and the documents against each other and the code
#:   make test-all       all of these, in under an hour:
#:                       test lint test-contract test-database test-origin test-storage test-media test-model test-fuzz
#:                       test-browser test-packages test-operation test-systemd test-hosts
#:   make test-release   what is looked at before a release: make test, make test-media and make run on a fresh Debian 13
#:                       (SUITES="bookworm noble resolute": others), packages on a booted one, the container images as compose.yaml
#:                       runs them, and a release made twice with the same bytes
#:
#: Measure and break it
#:   make bench          time, memory and bytes beside the tools people use today
#:   make chaos          several hosts and everything going wrong, an hour and more (SEED=1 MIXED=300 OLD=commit)
#:   make chaos-model    the state machine through a million interleavings (SEED=1), for hours
#:   make soak           two faults at a time for eight hours (MINUTES=480 SEED=1)
#:   make fuzz           mutated clips through the decoder (RUNS=20000 SEED=1)
run:
	@scripts/run
stop:
	@scripts/stop
check:
	@scripts/check
test:
	@scripts/test
test-all: test lint test-contract test-database test-origin test-storage test-media test-model test-fuzz test-browser test-packages test-operation test-systemd test-hosts
test-contract:
	@scripts/test-contract
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
test-portable:
	@scripts/test-portable
test-booted:
	@SUITE=trixie scripts/test-systemd
test-release: test-portable test-booted
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
doctor:
	@scripts/doctor
images: deb
	@scripts/images
test-containers:
	@scripts/test-containers
test-release: test-containers
release:
	@scripts/release
test-release-bytes:
	@scripts/test-release-bytes
test-release: test-release-bytes
