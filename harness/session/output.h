/* output.h - what the program writes, as events where that is asked for. */
#ifndef HEDDLE_SESSION_OUTPUT_H
#define HEDDLE_SESSION_OUTPUT_H

/* A point before the calling thread writes to the descriptor `number`. None where output is no
 * event, where the program is not controlled, or where that is negative: a stream in memory. */
void output_point(int number, const void *pc);

/* The same for a stream, or what writes by itself: also waits while another thread has it
 * (flockfile), and tells those that read at the other end of a pipe. */
void output_stream_point(int number, const void *pc);

#endif
