# `make` lists what there is. Each target first installs what it needs (.ci/setup), with apt-get.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run build release install uninstall test lint bench random fuzz torture crash soak clean

# Debian's own: apt-get installs the modules of the tests for it.
PYTHON := /usr/bin/python3
# What `make run` replays, and how many times faster than it happened: trouble begins after 6 s.
SAMPLE ?= SampleData/hybrid
SPEED ?= 4
# Where `make install` puts it; DESTDIR goes before that, for those who make packages.
PREFIX ?= /usr/local
DESTDIR ?=
PLACE = PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)'
# An undeclared sibling is importable once it happens to be built; this makes it an error.
STRICT := --explicit-target-dependency-import-check error
# With the Swift standard library inside: it runs where there is no toolchain.
RELEASE := -c release --static-swift-stdlib

help: ## lists the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# A debug build: about two thirds of the time of a release build from a bare clone (measured
# 3 min 54 s against 5 min 52 s with all packages of the plan), shared with `make test`, and quick
# enough to replay.
run: ## builds azimuth and shows recorded failovers (SAMPLE=FOLDER for another)
	@.ci/setup build
	swift build --product azimuth $(STRICT)
	@exec "$$(swift build --show-bin-path)/azimuth" replay $(SAMPLE) --speed $(SPEED)

build: ## builds azimuth, for debugging
	@.ci/setup build
	swift build --product azimuth $(STRICT)

release: ## builds azimuth as it is meant to be used
	@.ci/setup build
	swift build $(RELEASE) --product azimuth $(STRICT)

# Under sudo there may be no swift in the PATH: then what was built is installed.
install: ## installs azimuth below PREFIX, /usr/local if you name none
	@if command -v swift >/dev/null; then $(MAKE) --no-print-directory release; fi
	@Packaging/install install $(PLACE)

uninstall: ## removes what `make install` put there, and nothing else
	@Packaging/install uninstall $(PLACE)

test: ## all tests: units, and the program in a real terminal
	@.ci/setup test
	swift test $(STRICT)
	$(PYTHON) Tests/EndToEnd/run

lint: ## format and imports; changes nothing
	@.ci/setup build
	swift format lint -r -p --strict Package.swift Sources Tests
	swift build --build-tests $(STRICT)

bench: release ## measures this machine: logs beside peers, first frame, memory, load of watching
	@Tests/Bench/run "$$(swift build -c release --show-bin-path)/azimuth"
	@Tests/Bench/load "$$(swift build -c release --show-bin-path)/azimuth"
	@Tests/Bench/formats "$$(swift build -c release --show-bin-path)/azimuth"
	@Tests/Bench/forward "$$(swift build -c release --show-bin-path)/azimuth"
	swift build $(RELEASE) --product HistoryBenchTool $(STRICT)
	@Tests/Bench/history "$$(swift build -c release --show-bin-path)/azimuth"
	@Tests/Bench/states "$$(swift build -c release --show-bin-path)/azimuth"
	swift build $(RELEASE) --product AllocationTool $(STRICT)
	@Tests/Bench/allocations "$$(swift build -c release --show-bin-path)/AllocationTool"

random: ## streams 1 GB of random bytes through each format, and counts (about five minutes)
	@.ci/setup build
	swift build $(RELEASE) --product RandomTool
	Tests/Bench/random "$$(swift build -c release --show-bin-path)/RandomTool"

fuzz: ## fuzzes whatever takes bytes from outside, until it is flat for FLAT=600 CPU seconds each
	@.ci/setup build
	Tests/Fuzz/run --flat $(or $(FLAT),600)

# How long the ingester is killed and its logs are rotated.
SECONDS_OF_TORTURE = $(if $(filter command line environment,$(origin SECONDS)),$(SECONDS),600)
torture: build ## rotates logs and kills the ingester for SECONDS=600, then counts the lines
	$(PYTHON) Tests/Torture/rotate.py "$$(swift build --show-bin-path)/azimuth" --seconds $(SECONDS_OF_TORTURE)

# Some of each are part of `make test`.
crash: ## kills the history's writer and cuts its power, CRASHES=200 times each
	@.ci/setup build
	AZIMUTH_CRASHES=$(or $(CRASHES),200) swift test $(STRICT) --filter 'HistoryTests.*(KilledWriter|PowerCut|WriteError|FlippedBytes)'

# Simulated; half an hour of a quiet machine. `make soak SOAK="budget=67108864 seconds=600 timed=0"` is a short one.
SOAK ?=
soak: ## keeps 24 simulated hours of 20,000 lines/s in 2 GiB, and looks at size, memory and queries
	@.ci/setup build
	swift build $(RELEASE) --product HistoryTortureTool $(STRICT)
	@Tests/Torture/soak "$$(swift build -c release --show-bin-path)/HistoryTortureTool" $(SOAK)

clean: ## removes what was built
	rm -rf .build
