# heddle: see README.md. Quiet unless V=1.
BUILD ?= build
PREFIX ?= /usr/local
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
VERSION := 0.1.0

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$@)')

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror=implicit-function-declaration
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu11 $(WARNINGS) $(CFLAGS) -Iharness -Iinclude -D_GNU_SOURCE -DHEDDLE_VERSION='"$(VERSION)"' -MMD -MP
# The library runs on borrowed thread control blocks: no stack protector, and nothing that turns its own loops into calls of
# functions that it interposes (clang takes -fno-builtin for both).
LIB_CFLAGS = -fPIC -fvisibility=hidden -fno-stack-protector -fno-builtin -ftls-model=initial-exec \
	$(if $(findstring clang,$(CC)),,-fno-tree-loop-distribute-patterns)

# A step is a chain of small functions of many files: optimised as a whole it takes three quarters of the time. For a debugger:
# LIB_OPTIMISE= CFLAGS='-O0 -g'.
LIB_OPTIMISE ?= $(if $(findstring clang,$(CC)),-O3,-O3 -flto=auto)

LIB_ROOMS := base model policy detect machine session intercept embed
LIB_SRC := $(filter-out harness/base/error.c,$(sort $(foreach r,$(LIB_ROOMS),$(wildcard harness/$(r)/*.c) $(wildcard harness/$(r)/*.S))))
CLI_SRC := $(sort $(foreach r,base model trace report cli,$(wildcard harness/$(r)/*.c)))
CALL_SRC := $(sort $(wildcard harness/call/*.c))
HOOKS_SRC := $(sort $(wildcard harness/cc/hooks_*.c) $(wildcard harness/cc/hooks_*.S))
CC_SRC := harness/cc/heddle_cc.c harness/cc/arguments.c harness/cc/command.c harness/cc/places.c

LIB_OBJ := $(patsubst harness/%,$(BUILD)/lib-obj/%.o,$(LIB_SRC))
CLI_OBJ := $(patsubst harness/%,$(BUILD)/cli-obj/%.o,$(CLI_SRC))
CALL_OBJ := $(patsubst harness/%,$(BUILD)/pic-obj/%.o,$(CALL_SRC))
NATIVE_SRC := $(sort $(wildcard harness/native/*.c))
NATIVE_OBJ := $(patsubst harness/%,$(BUILD)/pic-obj/%.o,$(NATIVE_SRC))
HOOKS_OBJ := $(patsubst harness/%,$(BUILD)/pic-obj/%.o,$(HOOKS_SRC))
CC_OBJ := $(patsubst harness/%,$(BUILD)/cli-obj/%.o,$(CC_SRC))

CLI_LIBS := -ldw -lelf -ljansson -lm

PRODUCTS := $(BUILD)/heddle $(BUILD)/heddle-cc $(BUILD)/heddle-c++ $(BUILD)/libheddle.so $(BUILD)/libheddle_native.so \
	$(BUILD)/lib/libheddle_hooks.a $(BUILD)/lib/libheddle_call.a $(BUILD)/lib/libtsan.so.2 $(BUILD)/lib/hooks.specs $(BUILD)/include/heddle.h \
	$(BUILD)/include/heddle_criterion.h

all: $(PRODUCTS)
.PHONY: all
.DELETE_ON_ERROR:

$(BUILD)/lib-obj/%.o: harness/% Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LIB_CFLAGS) $(LIB_OPTIMISE) -c $< -o $@

$(BUILD)/cli-obj/%.o: harness/% Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/pic-obj/%.o: harness/% Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -c $< -o $@

$(BUILD)/libheddle.so: $(LIB_OBJ)
	$(call say,LINK)
	$(Q)$(CC) -shared -Wl,-soname,libheddle.so -Wl,-z,defs -Wl,-z,now \
		$(CFLAGS) $(LIB_CFLAGS) $(LIB_OPTIMISE) -o $@ $(LIB_OBJ) -ldl

# It takes functions for data, to have their addresses: as a whole that would be an error.
$(BUILD)/lib-obj/intercept/tsan_misc.c.o: LIB_OPTIMISE := -O3

# What `heddle native` puts into a program: no control, only delays.
$(NATIVE_OBJ): ALL_CFLAGS += -fvisibility=hidden
$(BUILD)/libheddle_native.so: $(NATIVE_OBJ)
	$(call say,LINK)
	$(Q)$(CC) -shared -Wl,-soname,libheddle_native.so -Wl,-z,defs $(CFLAGS) -o $@ $(NATIVE_OBJ) -ldl

$(BUILD)/heddle: $(CLI_OBJ)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -o $@ $(CLI_OBJ) $(CLI_LIBS)

$(BUILD)/heddle-cc $(BUILD)/heddle-c++: $(CC_OBJ)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -o $@ $(CC_OBJ)

$(BUILD)/lib/libheddle_hooks.a: $(HOOKS_OBJ)
	$(call say,AR)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $(HOOKS_OBJ)

$(BUILD)/lib/libheddle_call.a: $(CALL_OBJ)
	$(call say,AR)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $(CALL_OBJ)

# An empty library that bears the name of gcc's: preloaded, it takes its place in a program that was built to need it.
$(BUILD)/lib/libtsan.so.2:
	$(call say,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) -shared -nostdlib -Wl,-soname,libtsan.so.2 -x c /dev/null -o $@

# The scenarios, built as a user builds a program.
SCENARIOS := $(patsubst scenarios/%.c,$(BUILD)/scenarios/%,$(sort $(wildcard scenarios/*.c)))

scenarios: $(SCENARIOS)
.PHONY: scenarios

$(BUILD)/scenarios/%: scenarios/%.c scenarios/must.h include/heddle.h $(BUILD)/heddle-cc \
		$(BUILD)/lib/libheddle_hooks.a $(BUILD)/lib/libheddle_call.a
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-cc -g -O1 -Wall -Wextra -Iinclude -pthread $< -o $@

# Bugs, each with a twin without it.
BUGS := $(patsubst tests/bugs/%,$(BUILD)/bugs/%,$(basename $(sort $(wildcard tests/bugs/*.c tests/bugs/*.cc))))

bugs: $(BUGS) $(BUGS:%=%_fixed)
.PHONY: bugs

BUG_NEEDS := tests/bugs/run.h scenarios/must.h $(BUILD)/heddle-cc $(BUILD)/heddle-c++ $(BUILD)/lib/libheddle_hooks.a
BUG_FLAGS := -g -O1 -D_GNU_SOURCE -Wall -Wextra -pthread

$(BUILD)/bugs/%: tests/bugs/%.c $(BUG_NEEDS)
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-cc $(BUG_FLAGS) $< -o $@

$(BUILD)/bugs/%_fixed: tests/bugs/%.c $(BUG_NEEDS)
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-cc $(BUG_FLAGS) -DFIXED $< -o $@

$(BUILD)/bugs/%: tests/bugs/%.cc $(BUG_NEEDS)
	$(call say,CXX)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-c++ $(BUG_FLAGS) $< -o $@

$(BUILD)/bugs/%_fixed: tests/bugs/%.cc $(BUG_NEEDS)
	$(call say,CXX)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-c++ $(BUG_FLAGS) -DFIXED $< -o $@

$(BUILD)/lib/hooks.specs: harness/cc/hooks.specs
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(BUILD)/include/%.h: include/%.h
	@mkdir -p $(@D)
	$(Q)cp $< $@

# A counter that loses an update, and one that does not.
demo: deps
	$(Q)$(MAKE) $(if $(V),,-s) --no-print-directory all scenarios $(BUILD)/tests/demo
	$(Q)$(BUILD)/tests/demo $(BUILD)
.PHONY: demo

$(BUILD)/tests/demo: tests/demo/demo.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -O1 -g -o $@ $<

# The manual page, from the same table as --help.
$(BUILD)/heddle.1: $(BUILD)/heddle
	$(call say,MAN)
	$(Q)$< --man > $@

# ---- what is needed: Debian's packages, installed when they are not there ----

# PACKAGE=what it is needed for
NEEDED := \
	gcc=compiles_heddle g++=compiles_C++_programs_in_the_tests libc6-dev=the_C_library \
	libffi-dev=typed_threads libdw-dev=reads_debug_information libelf-dev=reads_programs \
	libjansson-dev=writes_JSON
NEEDED_TEST := \
	libcriterion-dev=runs_the_tests clang=the_second_compiler clang-format=checks_the_layout_of_the_code \
	pigz=a_program_of_others_under_test gzip=undoes_what_pigz_did pbzip2=the_same bzip2=undoes_what_that_did xz-utils=the_same zstd=the_same \
	memcached=a_program_of_others_under_test redis-server=the_same redis-tools=asks_the_one_before \
	dpkg-dev=unpacks_the_source_of_SQLite tcl=makes_one_file_of_it libxml2-utils=checks_JUnit_reports \
	python3=runs_the_tutorial_under_test procps=kills_workers git=lists_the_files_to_check \
	pkg-config=builds_an_example cmake=the_same meson=the_same

# $(call install,PACKAGE=REASON...)
define install
$(Q)missing=; \
for need in $(1); do \
	package=$${need%%=*}; \
	dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null | grep -q '^installed' && continue; \
	echo "heddle needs $$package: $${need#*=}" | tr _ ' '; \
	missing="$$missing $$package"; \
done; \
[ -z "$$missing" ] && exit 0; \
command -v apt-get >/dev/null || { \
	echo "heddle: there is no apt-get here: install what these packages of Debian hold, and run make again with DEPS=there"; \
	exit 1; \
}; \
sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
echo "installing them: apt-get install$$missing"; \
$$sudo apt-get update -qq && \
$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null
endef

# DEPS=there: nothing is looked for and nothing installed.
deps:
	$(if $(DEPS),,$(call install,$(NEEDED)))
deps-test: deps
	$(if $(DEPS),,$(call install,$(NEEDED_TEST)))
.PHONY: deps deps-test

# ---- tests ----

# Totals over the TAP files of all runners, alone on a line. Whatever is not ok has failed: a test that is skipped, and a
# runner that did not come to its end, too.
RUNNERS := unit unit-sanitized system
define totals
awk '/^1\.\.[0-9]/ { planned += substr($$0, 4); runners++ } \
	/^ok / && !/ # SKIP/ { passed++ } \
	/^not ok |^ok .* # SKIP/ { print } \
	END { failed = planned - passed + $(words $(RUNNERS)) - runners; printf "%d passed, %d failed\n", passed, failed; \
	exit failed != 0 || !passed }' $(RUNNERS:%=$(BUILD)/tests/%.tap)
endef

INSN_SRC := $(wildcard harness/machine/insn*.c)
UNIT_SRC := $(sort $(wildcard tests/unit/*.c))
UNIT_ROOMS := $(sort $(foreach r,policy detect,$(wildcard harness/$(r)/*.c)) harness/base/text.c $(INSN_SRC))
UNIT_PARTS := $(filter-out $(BUILD)/cli-obj/cli/main.c.o,$(CLI_OBJ)) \
	$(patsubst harness/%,$(BUILD)/cli-obj/%.o,$(UNIT_ROOMS) $(CALL_SRC)) \
	$(BUILD)/cli-obj/cc/arguments.c.o $(BUILD)/cli-obj/cc/command.c.o \
	$(BUILD)/cli-obj/intercept/announced.c.o $(BUILD)/cli-obj/embed/words.c.o
UNIT_OBJ := $(patsubst tests/%,$(BUILD)/test-obj/%.o,$(UNIT_SRC))

$(BUILD)/test-obj/%.o: tests/% Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -g -c $< -o $@

$(BUILD)/tests/unit: $(UNIT_OBJ) $(UNIT_PARTS)
	$(call say,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -rdynamic -o $@ $(sort $^) $(CLI_LIBS) -lcriterion -lffi

# The pure rooms once more, with everything that the compiler can check at run time.
PURE_ROOMS := base model policy detect trace
IMPURE_TESTS := cli_% report_% cc_% embed_% signature typed_thread announced
PURE_TESTS := $(filter-out $(IMPURE_TESTS:%=tests/unit/test_%.c),$(UNIT_SRC))
SANITIZED_OBJ := $(patsubst %,$(BUILD)/sanitized-obj/%.o,$(PURE_TESTS) $(INSN_SRC) $(foreach r,$(PURE_ROOMS),$(wildcard harness/$(r)/*.c)))

$(BUILD)/sanitized-obj/%.o: % Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -c $< -o $@

$(BUILD)/tests/unit-sanitized: $(SANITIZED_OBJ)
	$(call say,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) -fsanitize=address,undefined -o $@ $^ -lcriterion

SYSTEM_SRC := $(sort $(wildcard tests/system/*.c))
SYSTEM_OBJ := $(patsubst tests/%,$(BUILD)/test-obj/%.o,$(SYSTEM_SRC))

$(BUILD)/tests/system: $(SYSTEM_OBJ)
	$(call say,LINK)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ -lcriterion -ljansson

# SQLite as Debian has it, built as a user builds a library. Its own make is to know nothing of this one.
SQLITE := $(BUILD)/others/sqlite

$(SQLITE)/sqlite3.c: tests/system/debian_source
	$(call say,GET)
	$(Q)$< sqlite3 $(SQLITE)
	$(Q)cd $(SQLITE)/source && env -u MAKEFLAGS -u MFLAGS -u CC -u CFLAGS sh -c './configure -q >/dev/null && make -s sqlite3.c >/dev/null' && \
		cp sqlite3.h .. && cp sqlite3.c ..

$(SQLITE)/sqlite3.o: $(SQLITE)/sqlite3.c $(BUILD)/heddle-cc $(BUILD)/lib/libheddle_hooks.a
	$(call say,CC)
	$(Q)$(BUILD)/heddle-cc -O1 -c $< -o $@

# What a test leaves behind at its end is no leak: its process ends too.
unit-sanitized: export ASAN_OPTIONS := detect_leaks=0
system: export HEDDLE_BUILD := $(BUILD)

unit: $(BUILD)/tests/unit
	$(Q)$<
unit-sanitized: $(BUILD)/tests/unit-sanitized
	$(Q)$<
system: all scenarios bugs $(BUILD)/heddle.1 $(BUILD)/tests/lint $(SQLITE)/sqlite3.o $(BUILD)/tests/system
	$(Q)$(BUILD)/tests/system -j2
.PHONY: $(RUNNERS)

# All of them, whatever the first ones say; the last line has the totals.
test: deps-test
	$(Q)$(MAKE) $(if $(V),,-s) --no-print-directory all scenarios bugs $(BUILD)/heddle.1 $(BUILD)/tests/lint \
		$(SQLITE)/sqlite3.o $(RUNNERS:%=$(BUILD)/tests/%)
	$(Q)for runner in $(RUNNERS); do \
		: > $(BUILD)/tests/$$runner.tap; \
		ASAN_OPTIONS=detect_leaks=0 HEDDLE_BUILD=$(BUILD) $(BUILD)/tests/$$runner -j2 --tap=$(BUILD)/tests/$$runner.tap; \
	done; $(totals)
.PHONY: test

# ---- figures ----

BENCH := $(BUILD)/bench

$(BENCH)/%: tests/bench/programs/%.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -pthread -o $@ $<

$(BENCH)/%-static: tests/bench/programs/%.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -static -o $@ $<

# The same programs with the hooks.
$(BENCH)/hooked/%: tests/bench/programs/%.c $(BUILD)/heddle-cc $(BUILD)/lib/libheddle_hooks.a
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-cc -g -O2 -pthread -o $@ $<

$(BENCH)/hooked/unlocked: scenarios/counter_unlocked.c scenarios/must.h $(BUILD)/heddle-cc $(BUILD)/lib/libheddle_hooks.a
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/heddle-cc -g -O2 -Iinclude -pthread -o $@ $<

$(BENCH)/counter.py: scenarios/python/counter_locked.py
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(BENCH)/bench: $(wildcard tests/bench/*.c tests/bench/*.h)
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -O2 -o $@ $(filter %.c,$^) -ljansson -lm

BENCHED := counter events forks forks-static locks native pingpong counter.py hooked/events hooked/native hooked/unlocked hooked/classes

bench: all $(BENCH)/bench $(BENCHED:%=$(BENCH)/%)
	$(Q)$(BENCH)/bench $(BUILD)
.PHONY: bench

# ---- lint ----

C_FILES = $(shell git ls-files '*.c' '*.h' 2>/dev/null)

$(BUILD)/tests/lint: tests/lint/lint.c Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O1 -g $(WARNINGS) -D_GNU_SOURCE $< -o $@

lint: deps-test $(BUILD)/tests/lint
	$(Q)git ls-files | $(BUILD)/tests/lint harness/LAYERS
	$(Q)for header in $(filter %.h,$(C_FILES)); do \
		$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) -Itests -fsyntax-only -x c $$header || exit 1; done
	$(Q)clang-format --dry-run -Werror $(C_FILES)
	$(Q)echo lint: clean
.PHONY: lint

# ---- install ----

BIN := $(DESTDIR)$(PREFIX)/bin
LIBDIR := $(DESTDIR)$(PREFIX)/lib
INCLUDE := $(DESTDIR)$(PREFIX)/include
MAN := $(DESTDIR)$(PREFIX)/share/man/man1
SHARE := $(DESTDIR)$(PREFIX)/share/heddle
PRIVATE := libheddle_hooks.a libheddle_call.a libtsan.so.2 hooks.specs

HEADERS := include/heddle.h include/heddle_criterion.h
CMAKE_FILES := heddleConfig.cmake heddleConfigVersion.cmake
# For other build systems; they find the rest from where they lie themselves.
filled = sed 's/@VERSION@/$(VERSION)/g' harness/embed/$(1).in

install: all $(BUILD)/heddle.1
	$(Q)install -d "$(BIN)" "$(LIBDIR)/heddle" "$(INCLUDE)" "$(MAN)" "$(SHARE)"
	$(Q)install -m 755 $(BUILD)/heddle $(BUILD)/heddle-cc $(BUILD)/heddle-c++ "$(BIN)"
	$(Q)install -m 755 $(BUILD)/libheddle.so $(BUILD)/libheddle_native.so "$(LIBDIR)"
	$(Q)install -m 644 $(PRIVATE:%=$(BUILD)/lib/%) "$(LIBDIR)/heddle"
	$(Q)install -m 644 $(HEADERS) "$(INCLUDE)"
	$(Q)install -m 644 $(BUILD)/heddle.1 "$(MAN)"
	$(Q)install -m 644 harness/cli/explore.schema.json "$(SHARE)"
	$(Q)install -d "$(LIBDIR)/pkgconfig" "$(LIBDIR)/cmake/heddle"
	$(Q)$(call filled,heddle.pc) > "$(LIBDIR)/pkgconfig/heddle.pc"
	$(Q)for file in $(CMAKE_FILES); do $(call filled,$$file) > "$(LIBDIR)/cmake/heddle/$$file" || exit 1; done

uninstall:
	$(Q)rm -f "$(BIN)/heddle" "$(BIN)/heddle-cc" "$(BIN)/heddle-c++" "$(LIBDIR)/libheddle.so" "$(LIBDIR)/libheddle_native.so" \
		$(patsubst include/%,"$(INCLUDE)/%",$(HEADERS)) "$(MAN)/heddle.1" "$(LIBDIR)/pkgconfig/heddle.pc"
	$(Q)rm -rf "$(LIBDIR)/heddle" "$(SHARE)" "$(LIBDIR)/cmake/heddle"
.PHONY: install uninstall

help:
	@echo 'make                 build into $(BUILD)/'
	@echo 'make demo            install what is missing, build, and show the main job'
	@echo 'make test            install what is missing, build, and run all tests'
	@echo 'make unit            test the pure rooms and the command, part by part'
	@echo 'make unit-sanitized  test the pure rooms, checked at run time by the compiler'
	@echo 'make system          test from outside: scenarios, repetition, compilers, kills, bad input'
	@echo 'make lint            check layers, sizes, headers and layout'
	@echo 'make bench           print the figures'
	@echo 'make scenarios       build the scenarios'
	@echo 'make deps            install the packages that building needs; make deps-test: testing, too'
	@echo 'make install         PREFIX=$(PREFIX) DESTDIR='
	@echo 'make uninstall       remove what make install has put there'
	@echo 'make clean           remove $(BUILD)/'
	@echo 'V=1                  show the commands; DEPS=there: look for no packages'
.PHONY: help

clean:
	$(Q)rm -rf $(BUILD)
.PHONY: clean

-include $(patsubst %.o,%.d,$(sort $(UNIT_PARTS) $(UNIT_OBJ) $(SANITIZED_OBJ) $(SYSTEM_OBJ) $(LIB_OBJ) $(CLI_OBJ) $(CALL_OBJ) $(NATIVE_OBJ) $(HOOKS_OBJ) $(CC_OBJ)))
