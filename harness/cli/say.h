/* say.h - what the command tells its user beside results: one line on standard error, "heddle:
 * ...". */
#ifndef HEDDLE_CLI_SAY_H
#define HEDDLE_CLI_SAY_H

/* Prints "heddle: " and the text. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory that was asked for and is not there ends the command. */
void *must_have(void *memory);

#endif
