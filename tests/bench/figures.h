/* figures.h - what is measured. Each function adds its rows to the table.
 *
 * They run in the build folder, where ./heddle is the command, bench/ has the programs as a
 * compiler makes them, and bench/hooked/ those that heddle-cc made. What is compared takes turns.
 */
#ifndef HEDDLE_BENCH_FIGURES_H
#define HEDDLE_BENCH_FIGURES_H

/* Searches: many executions of one program. */
void figures_of_executions(void);
void figures_of_workers(void);
void figures_of_memory(void);
void figures_of_classes(void);
void figures_of_growth(void);
void figures_of_width(void);
void figures_of_estimates(void);

/* Events: one long execution. */
void figures_of_events(void);
void figures_of_system_calls(void);

/* Programs: against themselves without heddle. */
void figures_of_locks(void);
void figures_of_others(void);
void figures_of_hooks(void);

#endif
