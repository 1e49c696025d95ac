# Each script in scripts/ is a target of its name; below it are folders of what they share.
commands := $(notdir $(shell find scripts -maxdepth 1 -type f))
# One after the other, whatever MAKEFLAGS says: the suites share .build.
.NOTPARALLEL:
.PHONY: help $(commands) test-all test-release
help:
	@sed -n 's/^#: \{0,1\}//p' Makefile
#: Run it
#:   make run            build, set up and run everything (PORT=8080 WORKERS=4 STATE=dir VIDEO=file-or-URL)
#:   make stop           stop what make run started (STATE=dir)
#:   make check          whether all of it works: settings, database, store, decoder, deliveries (STATE=dir)
#:   make migrate        the migrations into DATABASE_URL, each once (scripts/migrate --help)
#:   make gc             delete the thumbnails no row names, of what make run started (STATE=dir DRY=1)
#:   make deb            Debian packages of the handlers, the relay, nginx's configuration and the migrations, in .build/deb
#:   make images         container images of the same with buildah, from those packages, in .build/images
#:   make release        packages, images, a bill of materials and checksums from a clean clone, in .build/release-files
#:   make doctor         what is missing on this machine, and how to get it
#:
#: Test it (Tests/README.md says what each proves)
#:   make test           unit, SQL and end-to-end suites, in under ten minutes
#:   make test-sql       the SQL suites alone (make test runs them)
#:   make test-deploy    failover, units, manual and version alone (make test runs them)
#:   make lint           swift format, shellcheck, and the documents against each other and the code
#:   make test-all       all of these, in under an hour:
#:                       test lint test-contract test-database test-origin test-storage test-media test-model test-fuzz
#:                       test-browser test-packages test-operation test-systemd test-hosts
#:   make test-release   all of these, before a release:
#:                       test-portable       make test, make test-media and make run on a fresh Debian 13 (SUITES="bookworm noble resolute")
#:                       test-booted         test-systemd on Debian 13
#:                       test-containers     the container images as compose.yaml runs them
#:                       test-release-bytes  a release made twice with the same bytes
#:
#: Measure and break it
#:   make bench          time, memory and bytes beside the tools people use today
#:   make chaos          several hosts and everything going wrong, an hour and more (SEED=1 MIXED=300 OLD=commit)
#:   make chaos-model    the state machine through a million interleavings (SEED=1), for hours
#:   make soak           two faults at a time for eight hours (MINUTES=480 SEED=1)
#:   make fuzz           mutated clips through the decoder (RUNS=20000 SEED=1)
$(commands):
	@scripts/$@
images: deb
test-all: test lint test-contract test-database test-origin test-storage test-media test-model test-fuzz test-browser test-packages test-operation test-systemd test-hosts
test-release: test-portable test-booted test-containers test-release-bytes
