/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever goes wrong at whatever moment: each switch ends in what was wanted, or exactly where it began, or,
 * only where the kernel itself refused to take something back, with the device named, and then the way home
 * is open.
 *
 *   test-faults [--schedule N] [--jobs N]
 *
 * Each schedule is one switch with one thing that goes wrong; its number names it, and is the same in every
 * run. */

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-fault-bench.h"
#include "pf-fault-plan.h"

typedef enum
{
  OUTCOME_REACHED,
  OUTCOME_RESTORED,
  OUTCOME_DEGRADED,
  OUTCOME_LOST,
  N_OUTCOMES
} Outcome;

/* One case on its bench, and what it should look like. */
typedef struct
{
  const PfFaultCase *case_;
  PfFaultBench *bench;
  PfProfile *home;
  PfProfile *from;
  PfProfile *to;
  char *at_home;
  char *before;
  char *target;
  PfFaultOps ops;
} Stage;

static int only = -1;
static int jobs;

static const GOptionEntry entries[] = {
  { "schedule", 0, 0, G_OPTION_ARG_INT, &only, "Only this one, with its story", "N" },
  { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "How many at a time", "N" },
  { NULL },
};

static gboolean
is_at (Stage *stage, const char *snapshot, const char *profile)
{
  g_autofree char *now = pf_fault_bench_snapshot (stage->bench);
  g_autofree char *in_force = pf_fault_bench_get_profile (stage->bench);

  return g_str_equal (now, snapshot) && g_str_equal (in_force, profile);
}

/* A switch with nothing in its way. */
static gboolean
go (Stage *stage, const PfProfile *profile)
{
  g_autoptr (PfFaultReport) report
      = pf_fault_bench_run (stage->bench, &(PfFaultJob){ .profile = profile }, NULL, NULL);

  if (!report->succeeded)
    g_print ("# %s to “%s”: %s\n", stage->case_->board, profile->id, report->text);
  return report->succeeded;
}

static void
learn_ops (Stage *stage)
{
  g_autofree char *log = pf_fake_mount_read (stage->bench->mount, "control");
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);

  stage->ops = (PfFaultOps){ 0 };
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      if (strstr (lines[i], "\tchown\t") != NULL || strstr (lines[i], "\tchmod\t") != NULL)
        stage->ops.by_helper |= G_GUINT64_CONSTANT (1) << i;
      stage->ops.count++;
    }
}

static void
boot (Stage *stage)
{
  stage->bench = pf_fault_bench_new (stage->case_->board);
  g_free (stage->at_home);
  stage->at_home = pf_fault_bench_snapshot (stage->bench);
  if (!pf_profile_is_home (stage->from) && !go (stage, stage->from))
    g_error ("%s: “%s” cannot be had", stage->case_->board, stage->case_->from);
}

static Stage *
stage_new (const PfFaultCase *case_)
{
  Stage *stage = g_new0 (Stage, 1);

  stage->case_ = case_;
  stage->home = pf_profile_new_home ();
  stage->from = pf_fault_plan_create_profile ("from", case_->from);
  stage->to = pf_fault_plan_create_profile ("to", case_->to);
  boot (stage);
  stage->before = pf_fault_bench_snapshot (stage->bench);
  pf_fault_bench_tell (stage->bench, "clear-log");
  if (!go (stage, stage->to))
    g_error ("%s: “%s” cannot be had", case_->board, case_->to);
  learn_ops (stage);
  stage->target = pf_fault_bench_snapshot (stage->bench);
  return stage;
}

static void
stage_free (Stage *stage)
{
  pf_fault_bench_free (stage->bench);
  pf_profile_free (stage->home);
  pf_profile_free (stage->from);
  pf_profile_free (stage->to);
  g_free (stage->at_home);
  g_free (stage->before);
  g_free (stage->target);
  g_free (stage);
}

/* Back to where every schedule begins. What the helper cannot do any more a new boot does. */
static void
rewind_stage (Stage *stage)
{
  pf_fault_bench_tell (stage->bench, "unblock");
  if (!is_at (stage, stage->before, stage->from->id))
    {
      go (stage, stage->home);
      if (!pf_profile_is_home (stage->from))
        go (stage, stage->from);
    }
  if (!is_at (stage, stage->before, stage->from->id))
    {
      pf_fault_bench_free (stage->bench);
      boot (stage);
    }
  pf_fault_bench_tell (stage->bench, "clear-log");
}

/* Cuts the last record, where it is one that was appended. */
static void
tear (Stage *stage, const PfFaultSchedule *schedule)
{
  static const char *const appended[] = { " begin ", " done ", " undone ", " waits ", " end " };
  g_autofree char *path = pf_fault_bench_get_file (stage->bench, "journal");
  g_autofree char *text = pf_fault_bench_read_file (stage->bench, "journal");
  g_autoptr (GRand) random = g_rand_new_with_seed (schedule->seed);
  gsize length = text != NULL ? strlen (text) : 0;
  char *last;

  if (length < 2 || text[length - 1] != '\n')
    return;
  text[length - 1] = '\0';
  last = strrchr (text, '\n');
  for (guint i = 0; last != NULL && i < G_N_ELEMENTS (appended); i++)
    if (strstr (last, appended[i]) != NULL)
      {
        gint32 start
            = (gint32) (last + 2 - text); /* a record that left no trace was not on disk, and nothing done */

        if (truncate (path, g_rand_int_range (random, start, (gint32) length)) != 0)
          g_error ("%s cannot be torn", path);
        return;
      }
}

static void
unblock (PfFaultBench *bench, pid_t pid, gpointer user_data)
{
  pf_fault_bench_tell (bench, "unblock");
}

static void
kill_helper (PfFaultBench *bench, pid_t pid, gpointer user_data)
{
  kill (pid, SIGKILL);
}

/* The function that the kernel works on is gone. */
static void
vanish (PfFaultBench *bench, pid_t pid, gpointer user_data)
{
  Stage *stage = user_data;
  PfDeviceKey *key = stage->to->controllers->len > 0     ? stage->to->controllers->pdata[0]
                     : stage->from->controllers->len > 0 ? stage->from->controllers->pdata[0]
                                                         : NULL;
  g_autofree char *command = g_strdup_printf ("vanish %s", key != NULL ? key->address : "0000:00:14.0");

  pf_fault_bench_tell (bench, command);
  pf_fault_bench_tell (bench, "unblock");
}

static void
send_rival (PfFaultBench *bench, pid_t pid, gpointer user_data)
{
  Stage *stage = user_data;
  g_autoptr (PfFaultReport) report
      = pf_fault_bench_run (bench, &(PfFaultJob){ .profile = stage->home }, NULL, NULL);

  if (report->succeeded || strstr (report->text, "Another helper") == NULL)
    g_print ("# the rival was let in: %s\n", report->text);
  pf_fault_bench_tell (bench, "unblock");
}

static void
set_fault (Stage *stage, const PfFaultSchedule *schedule)
{
  guint count = schedule->forever ? 0 : 1;
  g_autofree char *command = NULL;
  g_autofree char *second = NULL;

  switch (schedule->kind)
    {
    case PF_FAULT_FAIL:
    case PF_FAULT_REVERT_FAIL:
      command = g_strdup_printf ("fail * %s %u %u", schedule->effect, count, schedule->op);
      break;
    case PF_FAULT_DOUBLE:
      command = g_strdup_printf ("fail * %s 1 %u", schedule->effect, schedule->op);
      second = g_strdup_printf ("fail * EIO 1 %u", schedule->op + 1 + schedule->second);
      break;
    case PF_FAULT_BLOCK:
    case PF_FAULT_ORPHAN:
    case PF_FAULT_VANISH:
    case PF_FAULT_RIVAL:
      command = g_strdup_printf ("block * %u %u", count, schedule->op);
      break;
    case PF_FAULT_KILL:
    case PF_FAULT_TEAR:
    case PF_FAULT_REVERT_KILL:
      command = g_strdup_printf ("kill * %s %u %s", schedule->before ? "before" : "after", schedule->op,
                                 schedule->victim);
      break;
    case PF_FAULT_DISK:
    case PF_FAULT_RACE:
    case PF_FAULT_WAIT:
    default:
      return;
    }
  pf_fault_bench_tell (stage->bench, command);
  if (second != NULL)
    pf_fault_bench_tell (stage->bench, second);
}

static PfFaultReport *
carry_out (Stage *stage, const PfFaultSchedule *schedule)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (schedule->seed);
  PfFaultJob job = { .profile = stage->to };
  PfFaultStuckFunc on_stuck = unblock;

  job.waits = schedule->kind == PF_FAULT_WAIT;
  job.reverts = schedule->kind == PF_FAULT_REVERT_KILL || schedule->kind == PF_FAULT_REVERT_FAIL;
  job.races = schedule->kind == PF_FAULT_RACE;
  job.hangs = schedule->kind == PF_FAULT_BLOCK || schedule->kind == PF_FAULT_ORPHAN
              || schedule->kind == PF_FAULT_VANISH || schedule->kind == PF_FAULT_RIVAL;
  if (schedule->kind == PF_FAULT_DISK)
    job.largest_file = (guint) g_rand_int_range (random, 256, 2048);
  if (schedule->kind == PF_FAULT_ORPHAN)
    on_stuck = kill_helper;
  else if (schedule->kind == PF_FAULT_VANISH)
    on_stuck = vanish;
  else if (schedule->kind == PF_FAULT_RIVAL)
    on_stuck = send_rival;
  set_fault (stage, schedule);
  return pf_fault_bench_run (stage->bench, &job, on_stuck, stage);
}

/* Where the kernel refused to take something back, or the thing is gone, or nothing could be written down. */
static gboolean
may_degrade (const PfFaultSchedule *schedule)
{
  return schedule->forever || schedule->kind == PF_FAULT_VANISH || schedule->kind == PF_FAULT_DOUBLE
         || schedule->kind == PF_FAULT_DISK;
}

/* Whether @text names each function, and of each node the group, that is neither as before nor as wanted. */
static gboolean
names_what_differs (Stage *stage, const char *text)
{
  g_autofree char *now = pf_fault_bench_snapshot (stage->bench);
  g_auto (GStrv) lines = g_strsplit (now, "\n", -1);

  if (*text == '\0')
    return FALSE;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *address = g_strndup (lines[i], strcspn (lines[i], " "));

      if (g_str_has_prefix (address, "dev/") || g_str_has_prefix (address, "loans")
          || strstr (stage->before, lines[i]) != NULL || strstr (stage->target, lines[i]) != NULL)
        continue;
      if (strstr (text, address) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Whatever could not be put right, the way home is open as soon as the kernel allows it. */
static gboolean
comes_home (Stage *stage)
{
  g_autofree char *rescan = pf_fake_mount_get_path (stage->bench->mount, "sys/bus/pci/rescan");

  pf_fault_bench_tell (stage->bench, "unblock");
  pf_fake_mount_write (stage->bench->mount, "sys/bus/pci/rescan", "1");
  return go (stage, stage->home) && is_at (stage, stage->at_home, PF_PROFILE_HOME);
}

static Outcome
judge (Stage *stage, const PfFaultSchedule *schedule, const PfFaultReport *report, const char **why)
{
  g_autofree char *journal = pf_fault_bench_read_file (stage->bench, "journal");
  gboolean calm = report->state == PF_SWITCHER_IDLE && !report->killed && journal == NULL;

  *why = "the helper is not at rest";
  if (calm && is_at (stage, stage->target, stage->to->id))
    return OUTCOME_REACHED;
  if (calm && is_at (stage, stage->before, stage->from->id))
    return OUTCOME_RESTORED;
  *why = "that must not be the end";
  if (!may_degrade (schedule) || report->killed)
    return OUTCOME_LOST;
  *why = "it is not said what is wrong";
  if (!names_what_differs (stage, report->text))
    return OUTCOME_LOST;
  *why = "it does not come home";
  return comes_home (stage) ? OUTCOME_DEGRADED : OUTCOME_LOST;
}

static void
tell_story (Stage *stage, const PfFaultSchedule *schedule, const PfFaultReport *report, const char *why)
{
  g_autofree char *words = pf_fault_plan_describe (schedule);
  g_autofree char *now = pf_fault_bench_snapshot (stage->bench);
  g_autofree char *log = pf_fake_mount_read (stage->bench->mount, "control");
  g_autofree char *journal = pf_fault_bench_read_file (stage->bench, "journal");
  g_autofree char *profile = pf_fault_bench_get_profile (stage->bench);

  g_print ("# %s: %s\n# state %d, said: %s\n# in force: %s\n", words, why, report->state, report->text,
           profile);
  if (only >= 0)
    g_print ("before:\n%starget:\n%snow:\n%slog:\n%s\njournal:\n%s\n", stage->before, stage->target, now, log,
             journal != NULL ? journal : "(none)");
}

static Outcome
play (Stage *stage, const PfFaultSchedule *schedule)
{
  g_autoptr (PfFaultReport) report = NULL;
  const char *why = "";
  Outcome outcome;

  gint64 begin = g_get_monotonic_time (), rewound;
  rewind_stage (stage);
  rewound = g_get_monotonic_time ();
  report = carry_out (stage, schedule);
  if (report->killed)
    {
      if (schedule->kind == PF_FAULT_TEAR)
        tear (stage, schedule);
      g_clear_pointer (&report, pf_fault_report_free);
      report = pf_fault_bench_run (stage->bench, &(PfFaultJob){ 0 }, unblock, stage);
    }
  outcome = judge (stage, schedule, report, &why);
  if (g_getenv ("PF_TIMES") != NULL)
    {
      g_autofree char *words = pf_fault_plan_describe (schedule);

      g_print ("# %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " ms: %s\n", (rewound - begin) / 1000,
               (g_get_monotonic_time () - rewound) / 1000, words);
    }
  if (outcome == OUTCOME_LOST || only >= 0)
    tell_story (stage, schedule, report, why);
  return outcome;
}

/* Every @jobs-th case is for this process. Without a share all are looked at, and only @only is played. */
static void
play_share (guint share, FILE *output)
{
  g_autoptr (GArray) schedules = g_array_new (FALSE, FALSE, sizeof (PfFaultSchedule));
  guint counts[N_OUTCOMES] = { 0 };

  for (guint i = 0; i < pf_fault_plan_count_cases (); i++)
    {
      guint first = schedules->len;
      Stage *stage = stage_new (pf_fault_plan_get_case (i));

      pf_fault_plan_add_schedules (schedules, stage->case_, &stage->ops);
      for (guint j = first; j < schedules->len; j++)
        if (only >= 0 ? j == (guint) only : j % (guint) jobs == share)
          counts[play (stage, &g_array_index (schedules, PfFaultSchedule, j))]++;
      stage_free (stage);
      fprintf (output, "%u %u %u %u %u\n", i, counts[0], counts[1], counts[2], counts[3]);
      fflush (output);
      memset (counts, 0, sizeof counts);
    }
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
      play_share (share, output);
      fclose (output);
      exit (0);
    }
  close (pipes[1]);
  return fdopen (pipes[0], "r");
}

/* Sums up what the shares say, case by case. */
static gboolean
report_case (guint index, FILE **shares, guint totals[N_OUTCOMES])
{
  const PfFaultCase *case_ = pf_fault_plan_get_case (index);
  guint sums[N_OUTCOMES] = { 0 };
  gboolean whole = TRUE;

  for (int share = 0; share < jobs; share++)
    {
      guint number, counts[N_OUTCOMES];

      whole
          = fscanf (shares[share], "%u %u %u %u %u", &number, &counts[0], &counts[1], &counts[2], &counts[3])
                == 5
            && number == index && whole;
      for (guint i = 0; whole && i < N_OUTCOMES; i++)
        sums[i] += counts[i];
    }
  for (guint i = 0; i < N_OUTCOMES; i++)
    totals[i] += sums[i];
  whole = whole && sums[OUTCOME_LOST] == 0;
  g_print ("%s %u /faults/%s/%s/%s # %u reached, %u restored, %u degraded, %u lost\n",
           whole ? "ok" : "not ok", index + 1, case_->board, case_->from, case_->to, sums[0], sums[1],
           sums[2], sums[3]);
  return whole;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  guint totals[N_OUTCOMES] = { 0 };
  gboolean whole = TRUE;
  FILE *shares[16];

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (only >= 0)
    jobs = 1;
  if (jobs < 1)
    jobs = CLAMP (2 * (int) g_get_num_processors (), 2, 16); /* a good part of it is waiting */
  jobs = MIN (jobs, (int) G_N_ELEMENTS (shares));
  pf_fake_mount_enter_namespaces ();
  g_print ("1..%u\n", pf_fault_plan_count_cases ());
  for (int share = 0; share < jobs; share++)
    shares[share] = start_share ((guint) share);
  for (guint i = 0; i < pf_fault_plan_count_cases (); i++)
    whole = report_case (i, shares, totals) && whole;
  while (wait (NULL) > 0)
    continue;
  g_print ("schedules %u, reached %u, restored %u, degraded %u, lost %u\n",
           totals[0] + totals[1] + totals[2] + totals[3], totals[0], totals[1], totals[2], totals[3]);
  return whole ? 0 : 1;
}
