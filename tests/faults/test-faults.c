/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever goes wrong at whatever moment: each switch ends in what was wanted, or exactly where it began, or,
 * only where the kernel itself refused to take something back, with the device named, and then the way home
 * is open.
 *
 *   test-faults [--schedule N] [--case N] [--jobs N] [--all]
 *
 * Each schedule is one switch with one thing that goes wrong; its number names it, and is the same in every
 * run. */

#include <fcntl.h>
#include <locale.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-fault-bench.h"
#include "pf-fault-stage.h"

/* With fewer, somebody has taken out what makes this worth its time. */
#define LEAST_SCHEDULES 8000

typedef struct
{
  guint counts[PF_FAULT_N_OUTCOMES];
} Tally;

static int only = -1;
static int only_case = -1;
static int jobs;
static gboolean all;

static const GOptionEntry entries[] = {
  { "schedule", 0, 0, G_OPTION_ARG_INT, &only, "Only this one, with its story", "N" },
  { "case", 0, 0, G_OPTION_ARG_INT, &only_case, "Only this switch, from 0", "N" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, "All schedules, not one in four", NULL },
  { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "How many at a time", "N" },
  { NULL },
};

static gboolean
is_wanted (guint index)
{
  return only_case < 0 || (guint) only_case == index;
}

static Tally
play_case (guint index, guint share)
{
  g_autoptr (PfFaultStage) stage = pf_fault_stage_new (index);
  g_autoptr (GArray) schedules
      = pf_fault_plan_create_schedules (index, pf_fault_stage_get_ops (stage), all);
  Tally tally = { 0 };

  for (guint i = 0; i < schedules->len; i++)
    {
      const PfFaultSchedule *schedule = &g_array_index (schedules, PfFaultSchedule, i);

      if (only >= 0 ? schedule->number == (guint) only : i % (guint) jobs == share)
        tally.counts[pf_fault_stage_play (stage, schedule, only >= 0)]++;
    }
  return tally;
}

/* Every @jobs-th schedule is for this process. */
static void
play_share (guint share, FILE *output)
{
  for (guint i = 0; i < pf_fault_plan_count_cases (); i++)
    if (is_wanted (i))
      {
        Tally tally = play_case (i, share);

        fprintf (output, "%u %u %u %u %u\n", i, tally.counts[0], tally.counts[1], tally.counts[2],
                 tally.counts[3]);
        fflush (output);
      }
}

/* A share stays on one processor, and its fake kernel with it: each question to that kernel wakes it up, and waking up
 * another processor takes several times as long, above all in a virtual machine. */
static void
stay_on_one_processor (guint share)
{
  cpu_set_t allowed, one;
  int which;

  if (sched_getaffinity (0, sizeof allowed, &allowed) != 0)
    return; /* more processors than a cpu_set_t has: there is no hurry then */
  which = (int) (share % (guint) CPU_COUNT (&allowed));
  CPU_ZERO (&one);
  for (int processor = 0; processor < CPU_SETSIZE; processor++)
    if (CPU_ISSET (processor, &allowed) && which-- == 0)
      CPU_SET (processor, &one);
  (void) sched_setaffinity (0, sizeof one, &one);
}

static FILE *
start_share (guint share)
{
  int pipes[2];

  if (pipe2 (pipes, O_CLOEXEC) != 0)
    g_error ("no pipe");
  fflush (NULL);
  if (fork () == 0)
    {
      FILE *output = fdopen (pipes[1], "w");

      close (pipes[0]);
      stay_on_one_processor (share);
      play_share (share, output);
      fclose (output);
      exit (0);
    }
  close (pipes[1]);
  return fdopen (pipes[0], "r");
}

static gboolean
read_share (FILE *stream, guint index, Tally *tally)
{
  guint number, counts[PF_FAULT_N_OUTCOMES];

  if (fscanf (stream, "%u %u %u %u %u", &number, &counts[0], &counts[1], &counts[2], &counts[3]) != 5
      || number != index)
    return FALSE;
  for (guint i = 0; i < PF_FAULT_N_OUTCOMES; i++)
    tally->counts[i] += counts[i];
  return TRUE;
}

static guint
count_all (const Tally *tally)
{
  guint sum = 0;

  for (guint i = 0; i < PF_FAULT_N_OUTCOMES; i++)
    sum += tally->counts[i];
  return sum;
}

/* Sums up what the shares say, case by case. */
static gboolean
report_case (guint index, FILE **shares, Tally *total)
{
  const PfFaultCase *case_ = pf_fault_plan_get_case (index);
  Tally tally = { 0 };
  gboolean whole = TRUE;

  for (int share = 0; share < jobs; share++)
    whole = read_share (shares[share], index, &tally) && whole;
  whole = whole && tally.counts[PF_FAULT_LOST] == 0 && count_all (&tally) > 0;
  for (guint i = 0; i < PF_FAULT_N_OUTCOMES; i++)
    total->counts[i] += tally.counts[i];
  g_print ("%s %u /faults/%s/%s/%s # %u reached, %u restored, %u degraded, %u lost\n",
           whole ? "ok" : "not ok", only_case >= 0 ? 1 : index + 1, case_->board, case_->from, case_->to,
           tally.counts[0], tally.counts[1], tally.counts[2], tally.counts[3]);
  return whole;
}

static gboolean
report_number (const Tally *total)
{
  guint least = all ? LEAST_SCHEDULES : LEAST_SCHEDULES / PF_FAULT_ONE_IN;
  gboolean enough = count_all (total) >= least;

  g_print ("%s %u /faults/at-least-%u\n", enough ? "ok" : "not ok", pf_fault_plan_count_cases () + 1, least);
  return enough;
}

static gboolean
run_all (Tally *total)
{
  FILE *shares[16];
  gboolean whole = TRUE;

  jobs = MIN (jobs, (int) G_N_ELEMENTS (shares));
  g_print ("1..%u\n", only_case >= 0 ? 1 : pf_fault_plan_count_cases () + 1);
  for (int share = 0; share < jobs; share++)
    shares[share] = start_share ((guint) share);
  for (guint i = 0; i < pf_fault_plan_count_cases (); i++)
    if (is_wanted (i))
      whole = report_case (i, shares, total) && whole;
  while (wait (NULL) > 0)
    continue;
  return (only_case >= 0 || report_number (total)) && whole;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Tally total = { 0 };
  gboolean whole;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  all = all || only >= 0 || only_case >= 0 || g_getenv ("PF_FAULTS_ALL") != NULL;
  if (only >= 0)
    {
      jobs = 1;
      only_case = (int) pf_fault_plan_get_case_of ((guint) only);
    }
  if (jobs < 1)
    jobs = 2 * (int) g_get_num_processors (); /* a good part of it is waiting */
  pf_fault_bench_enter_namespaces ();
  whole = run_all (&total);
  pf_fault_bench_leave ();
  g_print ("# schedules %u, reached %u, restored %u, degraded %u, lost %u\n", count_all (&total),
           total.counts[0], total.counts[1], total.counts[2], total.counts[3]);
  return whole ? 0 : 1;
}
