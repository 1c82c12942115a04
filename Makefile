# vpcwhy: `make help` lists what there is to make.
#
# One Makefile, one folder of output a variant: build/<variant>/. Everything in src/ but src/cli
# becomes libvpcwhy.a, src/cli becomes the program. Nothing is run while this file is read (no
# compiler, no pkg-config), so that `make deps` works on a machine that has neither.

VERSION := 0.1.0

VARIANT ?= release
PREFIX ?= /usr/local
DESTDIR ?=
V ?= 0
WERROR ?= -Werror
PKG_CONFIG ?= pkg-config
INSTALL ?= install
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
# For a make within this one: what -j said, else one job a processor.
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

# The compiler: what the user says, else gcc, and clang for the sanitizers it does better.
CC_release := gcc
CC_debug := gcc
CC_asan := clang
CC_asan-gcc := gcc
CC_cover := gcc
CC_fuzz := clang
ifeq ($(origin CC),default)
CC := $(or $(CC_$(VARIANT)),gcc)
endif
ifeq ($(origin AR),default)
AR := ar
endif

# ---- flags ---------------------------------------------------------------------------------
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

OPT_release := -O2 -g
OPT_debug := -O0 -g3
OPT_asan := -O1 -g
OPT_asan-gcc := -O1 -g
OPT_cover := -O0 -g
OPT_fuzz := -O1 -g
CFLAGS ?= $(OPT_$(VARIANT))

MODE_release := -fstack-protector-strong
MODE_debug :=
MODE_asan := $(SANITIZE)
# gcc 12 forgets casts and ranges while it adds checks, and warns of what is not there.
MODE_asan-gcc := $(SANITIZE) -Wno-conversion -Wno-format-truncation
MODE_cover := --coverage
MODE_fuzz := $(SANITIZE) -fsanitize=fuzzer-no-link
MODE := $(MODE_$(VARIANT))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wswitch-enum \
            -Wvla -Wformat=2 -Wcast-qual -Wundef
STANDARD := -std=c17 -D_DEFAULT_SOURCE -pthread
# libpcap is opened when a capture is, ISA-L when a gzip stream is long: their headers are needed,
# no more.
LINKED := jansson yaml-0.1 zlib libzstd libpcre2-8
PACKAGES := libpcap libisal $(LINKED)

# Asked once, and only when a recipe needs it.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(PACKAGES)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell $(PKG_CONFIG) --libs $(LINKED)))$(PKG_LIBS)

# Runs on every x86-64: only the choice of instructions is that of processors of the last ten
# years, which set and copy what has some hundred bytes (a packet, a row) three times as fast.
TUNE = $(eval TUNE := $$(if $$(filter x86_64-%,$$(shell $(CC) -dumpmachine)),-mtune=skylake))$(TUNE)

COMPILE = $(CC) $(STANDARD) $(WARNINGS) $(WERROR) -Iinclude -Isrc $(PKG_CFLAGS) $(CPPFLAGS) \
          -DVW_VERSION='"$(VERSION)"' $(MODE) $(TUNE) $(CFLAGS) -MMD -MP
LINK = $(CC) $(MODE) $(CFLAGS) $(LDFLAGS)
# These go into the program itself where their archives are installed: two libraries less to
# start with are a twentieth of a small trace. `make ARCHIVED=` links them as all others.
ARCHIVED ?= yaml z zstd pcre2-8
ARCHIVES = $(eval ARCHIVES := $$(foreach name,$(ARCHIVED),$$(filter /%,$$(shell \
             $(CC) -print-file-name=lib$$(name).a))))$(ARCHIVES)
LIBS = $(ARCHIVES) -Wl,--as-needed $(PKG_LIBS) -lm $(LDLIBS)

ifeq ($(V),0)
Q := @
say = @printf '  %-8s %s\n' '$(1)' '$(2)'
MAKEFLAGS += --no-print-directory
else
Q :=
say = @:
endif

# ---- files ---------------------------------------------------------------------------------
OUT := build/$(VARIANT)

CLI_SOURCES := $(wildcard src/cli/*.c)
LIB_SOURCES := $(filter-out $(CLI_SOURCES),$(wildcard src/*/*.c))
TEST_SOURCES := $(wildcard tests/unit/*/*_test.c)
HELP_SOURCES := $(filter-out $(TEST_SOURCES),$(wildcard tests/unit/*.c tests/unit/*/*.c))

objects = $(patsubst %.c,$(OUT)/obj/%.o,$(1))
CLI_OBJECTS := $(call objects,$(CLI_SOURCES))
LIB_OBJECTS := $(call objects,$(LIB_SOURCES))
TEST_OBJECTS := $(call objects,$(TEST_SOURCES))
HELP_OBJECTS := $(call objects,$(HELP_SOURCES))
TEST_PROGRAMS := $(patsubst %.c,$(OUT)/%,$(TEST_SOURCES))

PROGRAM := $(OUT)/vpcwhy
LIBRARY := $(OUT)/libvpcwhy.a

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all units fuzzers benchmarks tidy tools-present deps deps-test demo test lint bench fuzz \
        cover refresh install uninstall clean help FORCE

all: $(if $(CLI_SOURCES),$(PROGRAM)) $(LIBRARY)

# ---- compile, archive, link ----------------------------------------------------------------
# A clear sentence instead of a hundred compiler errors when the libraries are not there.
tools-present:
	@.ci/deps --present '$(CC)' '$(PKG_CONFIG)' $(PACKAGES)

# Rebuilds when the compiler or the flags change.
$(OUT)/flags: FORCE | tools-present
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMPILE) $(LINK) $(LIBS))' | cmp -s - $@ || \
	 printf '%s\n' '$(subst ','\'',$(COMPILE) $(LINK) $(LIBS))' > $@

$(OUT)/obj/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(COMPILE) $(EXTRA) -c -o $@ $<

$(TEST_OBJECTS) $(HELP_OBJECTS): EXTRA := -Itests/unit

$(LIBRARY): $(LIB_OBJECTS) $(OUT)/lib.list
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(LIB_OBJECTS)

# The list of objects: a source that went away must leave the archive too.
$(OUT)/lib.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(LIB_OBJECTS) | cmp -s - $@ || printf '%s\n' $(LIB_OBJECTS) > $@

$(PROGRAM): $(CLI_OBJECTS) $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(CLI_OBJECTS) $(LIBRARY) $(LIBS)

# ---- unit tests: each tests/unit/<layer>/<name>_test.c is one program ------------------------
$(OUT)/libtest.a: $(HELP_OBJECTS) | $(OUT)/flags
	$(Q)rm -f $@ && $(AR) rcs $@ $(HELP_OBJECTS)

$(OUT)/tests/unit/%: $(OUT)/obj/tests/unit/%.o $(OUT)/libtest.a $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBRARY) -lcmocka $(LIBS)

# What stands in src/cli is tested with the objects themselves: they are in no library.
$(OUT)/tests/unit/cli/%: $(OUT)/obj/tests/unit/cli/%.o $(filter-out %/main.o,$(CLI_OBJECTS)) \
                         $(OUT)/libtest.a $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIBRARY) -lcmocka $(LIBS)

units: $(TEST_PROGRAMS)


# ---- fuzz: tests/fuzz/fuzz_<reader>.c, replayed over its corpus by `make test` ------------------
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_PROGRAMS := $(patsubst %.c,$(OUT)/%,$(FUZZ_SOURCES))
FUZZ_SECONDS ?= 60
# libFuzzer brings its own main; everywhere else the driver reads the files it is given.
FUZZ_OBJECTS := $(call objects,$(filter-out $(FUZZ_SOURCES),$(wildcard tests/fuzz/*.c)))
FUZZ_MAIN := $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer,$(OUT)/obj/tests/fuzz/replay.o)

$(OUT)/tests/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(FUZZ_OBJECTS) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $< $(filter-out %/replay.o,$(FUZZ_OBJECTS)) $(FUZZ_MAIN) $(LIBRARY) $(LIBS)

fuzzers: $(FUZZ_PROGRAMS)

fuzz: deps-test
	@$(MAKE) $(PARALLEL) VARIANT=fuzz fuzzers
	@tests/fuzz/run --search fuzz $(FUZZ_SECONDS)

# ---- bench ---------------------------------------------------------------------------------
BENCH_PROGRAMS := $(patsubst %.c,$(OUT)/%,$(wildcard tests/bench/*.c))

$(OUT)/tests/bench/%: $(OUT)/obj/tests/bench/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $< $(LIBRARY) $(LIBS) $(BENCH_LIBS)

# The loop that reading a capture is held against has libpcap from the start.
$(OUT)/tests/bench/read_packets: BENCH_LIBS := -lpcap

benchmarks: $(PROGRAM) $(BENCH_PROGRAMS)

bench: deps
	@$(MAKE) $(PARALLEL) VARIANT=release benchmarks
	@tests/bench/run

-include $(patsubst %.o,%.d,$(LIB_OBJECTS) $(CLI_OBJECTS) $(TEST_OBJECTS) $(HELP_OBJECTS) \
                    $(FUZZ_OBJECTS) $(call objects,$(FUZZ_SOURCES) $(wildcard tests/bench/*.c)))

# ---- lint ----------------------------------------------------------------------------------
# A source is looked at again when its object was made again: when it or a header changed.
# `quick` leaves out the analyzer of paths, which takes ten times as long as all the rest.
TIDY ?= whole
TIDY_CHECKS_quick := -clang-analyzer-*
TIDY_MARKS := $(patsubst %.c,build/tidy/$(TIDY)/%.ok,$(LIB_SOURCES) $(CLI_SOURCES))

build/tidy/$(TIDY)/%.ok: $(OUT)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $(addprefix --checks=,$(TIDY_CHECKS_$(TIDY))) $*.c -- $(STANDARD) $(WARNINGS) -Iinclude -Isrc $(PKG_CFLAGS) \
	    -DVW_VERSION='"$(VERSION)"' >$(@:.ok=.log) 2>/dev/null || \
	    { grep -A2 ' error: ' $(@:.ok=.log); echo 'whole: $(@:.ok=.log)'; exit 1; }
	$(Q)touch $@

tidy: $(TIDY_MARKS)

lint: deps-test
	@$(MAKE) $(PARALLEL) VARIANT=release all
	@tests/lint/run

# ---- tests ---------------------------------------------------------------------------------
test: deps-test
	@MAKE='$(MAKE)' JOBS=$(JOBS) tests/run $(RINGS)

refresh: deps-test
	@$(MAKE) $(PARALLEL) VARIANT=release all
	@tests/golden/run.py --refresh release $(ONLY)

cover: deps-test
	@$(MAKE) $(PARALLEL) VARIANT=cover all units
	@tests/lint/cover

# ---- fresh machine -------------------------------------------------------------------------
deps:
	@.ci/deps build

deps-test:
	@.ci/deps build test

demo: deps
	@$(MAKE) $(PARALLEL) VARIANT=release all
	@PATH="$(CURDIR)/build/release:$$PATH" fixtures/demo.sh

# ---- install -------------------------------------------------------------------------------
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
COMPLETIONDIR ?= $(DATADIR)/bash-completion/completions

HEADERS := $(wildcard include/vpcwhy/*.h)
RULES := $(wildcard rules/*.yaml)

install: all
	$(Q)$(INSTALL) -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR)/vpcwhy \
	    $(MANDIR)/man1 $(COMPLETIONDIR) $(DATADIR)/vpcwhy/rules)
	$(Q)$(INSTALL) -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/vpcwhy
	$(Q)$(INSTALL) -m 644 $(LIBRARY) $(DESTDIR)$(LIBDIR)/libvpcwhy.a
	$(Q)$(INSTALL) -m 644 $(HEADERS) $(DESTDIR)$(INCLUDEDIR)/vpcwhy
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	    -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@VERSION@|$(VERSION)|' \
	    -e 's|@PACKAGES@|$(LINKED)|' src/vpcwhy.pc.in >$(OUT)/vpcwhy.pc
	$(Q)$(INSTALL) -m 644 $(OUT)/vpcwhy.pc $(DESTDIR)$(LIBDIR)/pkgconfig/vpcwhy.pc
	$(Q)$(INSTALL) -m 644 src/cli/vpcwhy.1 $(DESTDIR)$(MANDIR)/man1/vpcwhy.1
	$(Q)$(INSTALL) -m 644 src/cli/completion.bash $(DESTDIR)$(COMPLETIONDIR)/vpcwhy
	$(Q)$(if $(RULES),$(INSTALL) -m 644 $(RULES) $(DESTDIR)$(DATADIR)/vpcwhy/rules,:)

uninstall:
	$(Q)rm -f $(DESTDIR)$(BINDIR)/vpcwhy $(DESTDIR)$(LIBDIR)/libvpcwhy.a \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/vpcwhy.pc $(DESTDIR)$(MANDIR)/man1/vpcwhy.1 \
	    $(DESTDIR)$(COMPLETIONDIR)/vpcwhy
	$(Q)rm -rf $(DESTDIR)$(INCLUDEDIR)/vpcwhy $(DESTDIR)$(DATADIR)/vpcwhy

clean:
	$(Q)rm -rf build

define HELP
make              builds build/release/vpcwhy and libvpcwhy.a
make demo         installs what is missing, builds, and shows the incident
make test         installs what is missing, builds and runs every test; RINGS="unit lint" for some
make deps         installs what building needs (deps-test: and testing)
make lint         formatting, static analysis and the house rules
make refresh      rewrites what golden and diagnostics cases expect (ONLY="names"): review the diff
make bench        times and sizes of traces, loads, walks and captures, against only parsing the files
make fuzz         libFuzzer on every reader, FUZZ_SECONDS=60 each
make cover        which lines the unit tests run
make install      PREFIX=/usr/local DESTDIR=            (uninstall takes it away)
make clean        removes build/

VARIANT=release|debug|asan|asan-gcc|cover|fuzz chooses build/<variant>/; V=1 shows commands;
CC, CFLAGS, LDFLAGS are honoured; WERROR= lets warnings pass; ARCHIVED= links nothing statically.
endef

help:
	$(info $(HELP))
	@:
