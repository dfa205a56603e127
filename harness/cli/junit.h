/* junit.h - results in the XML that JUnit made common: `--junit FILE`.
 *
 * THE DOCUMENT, VERSION 1
 *
 *	<testsuites> with one <testsuite>, the program:
 *	  <properties>        of a search: strategy, seed, executions, classes (with dpor),
 *complete, reason, as in json.h <testcase>          the program as a whole, and one for each
 *finding beyond the first <failure type="KIND" message="SENTENCE">the report, as text</failure>
 *	    <error type="incomplete" message="WHY">  nothing was found, but not all was done:
 *	                      "incomplete", "diverged" (a replay), or "unable" (not run at all)
 *	  <system-out>        all that a person is told
 *
 * A `file` and a `line` attribute of the test case say where it failed, where that is known.
 * tests/system/junit.xsd describes it. Bytes that XML has no place for are replaced by "?".
 */
#ifndef HEDDLE_CLI_JUNIT_H
#define HEDDLE_CLI_JUNIT_H

#include "cli/cases.h"

#include <stdio.h>

void junit_print(FILE *out, const struct cases *cases);

#endif
