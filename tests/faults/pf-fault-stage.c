/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fault-stage.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "pf-fault-bench.h"

/* What the machine looks like, and what is on record, at one moment. */
typedef struct
{
  char *snapshot;
  char *profiles;
} State;

struct _PfFaultStage
{
  const PfFaultCase *case_;
  PfFaultBench *bench;
  PfProfile *home;
  PfProfile *from;
  PfProfile *to;
  State at_home;
  State before; /* where each schedule begins */
  State target;
  PfFaultOps ops;
};

static void
state_clear (State *state)
{
  g_clear_pointer (&state->snapshot, g_free);
  g_clear_pointer (&state->profiles, g_free);
}

static void
look (PfFaultStage *stage, State *state)
{
  state_clear (state);
  state->snapshot = pf_fault_bench_snapshot (stage->bench);
  state->profiles = pf_fault_bench_get_profiles (stage->bench);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (State, state_clear)

static gboolean
is_same (const State *a, const State *b)
{
  return g_str_equal (a->snapshot, b->snapshot) && g_str_equal (a->profiles, b->profiles);
}

static gboolean
has_profile (const State *state, const PfProfile *profile)
{
  g_autofree char *begin = g_strconcat (profile->id, ",", NULL);

  return g_str_has_prefix (state->profiles, begin);
}

/* Where Toggle leads from home depends on what was tried before. */
static gboolean
is_like (const State *state, const State *other, const PfProfile *profile)
{
  return g_str_equal (state->snapshot, other->snapshot) && has_profile (state, profile);
}

/* A switch with nothing in its way. */
static gboolean
go (PfFaultStage *stage, const PfProfile *profile, guint *syncs)
{
  g_autoptr (PfFaultReport) report
      = pf_fault_bench_run (stage->bench, &(PfFaultJob){ .profile = profile }, NULL, NULL);

  if (syncs != NULL)
    *syncs = report->syncs;
  if (!report->succeeded)
    g_print ("# %s to “%s”: %s\n", stage->case_->board, profile->id, report->text);
  return report->succeeded;
}

static void
learn_ops (PfFaultStage *stage)
{
  g_autofree char *log = pf_fake_mount_read (stage->bench->mount, "control");
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      if (strstr (lines[i], "\tchown\t") != NULL || strstr (lines[i], "\tchmod\t") != NULL)
        stage->ops.by_helper |= G_GUINT64_CONSTANT (1) << i;
      stage->ops.count++;
    }
}

static void
boot (PfFaultStage *stage)
{
  stage->bench = pf_fault_bench_new (stage->case_->board);
  look (stage, &stage->at_home);
  if (!pf_profile_is_home (stage->from) && !go (stage, stage->from, NULL))
    g_error ("%s: “%s” cannot be had", stage->case_->board, stage->case_->from);
}

/**
 * pf_fault_stage_new:
 * @index: of a switch, see pf_fault_plan_get_case()
 *
 * Returns: (transfer full): that switch, done once without anything in its way
 */
PfFaultStage *
pf_fault_stage_new (guint index)
{
  PfFaultStage *stage = g_new0 (PfFaultStage, 1);

  stage->case_ = pf_fault_plan_get_case (index);
  stage->home = pf_profile_new_home ();
  stage->from = pf_fault_plan_create_profile ("from", stage->case_->from);
  stage->to = pf_fault_plan_create_profile ("to", stage->case_->to);
  boot (stage);
  look (stage, &stage->before);
  pf_fault_bench_tell (stage->bench, "clear-log");
  if (!go (stage, stage->to, &stage->ops.syncs))
    g_error ("%s: “%s” cannot be had", stage->case_->board, stage->case_->to);
  learn_ops (stage);
  look (stage, &stage->target);
  g_assert_cmpuint (stage->ops.count, >, 0);
  g_assert_true (has_profile (&stage->target, stage->to));
  return stage;
}

/**
 * pf_fault_stage_free:
 * @stage: (transfer full): a stage
 */
void
pf_fault_stage_free (PfFaultStage *stage)
{
  pf_fault_bench_free (stage->bench);
  pf_profile_free (stage->home);
  pf_profile_free (stage->from);
  pf_profile_free (stage->to);
  state_clear (&stage->at_home);
  state_clear (&stage->before);
  state_clear (&stage->target);
  g_free (stage);
}

/**
 * pf_fault_stage_get_ops:
 * @stage: a stage
 *
 * Returns: (transfer none): what the switch does when all goes well
 */
const PfFaultOps *
pf_fault_stage_get_ops (const PfFaultStage *stage)
{
  return &stage->ops;
}

/* Back to where every schedule begins. What the helper cannot do any more a new boot does. */
static void
rewind_stage (PfFaultStage *stage)
{
  g_auto (State) now = { 0 };

  pf_fault_bench_tell (stage->bench, "unblock");
  look (stage, &now);
  if (!is_like (&now, &stage->before, stage->from))
    {
      if (!pf_profile_is_home (stage->to) || !is_like (&now, &stage->target, stage->to))
        go (stage, stage->home, NULL);
      if (!pf_profile_is_home (stage->from))
        go (stage, stage->from, NULL);
      look (stage, &now);
    }
  if (!is_like (&now, &stage->before, stage->from))
    {
      pf_fault_bench_free (stage->bench);
      boot (stage);
      look (stage, &now);
      g_assert_true (is_like (&now, &stage->before, stage->from));
    }
  g_free (stage->before.profiles);
  stage->before.profiles = g_steal_pointer (&now.profiles);
  pf_fault_bench_tell (stage->bench, "clear-log");
}

/* Cuts the last record, where it is one that was appended. */
static void
tear (PfFaultStage *stage, const PfFaultSchedule *schedule)
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
        /* A record that left no trace was not on disk, and nothing done. */
        gint32 start = (gint32) (last + 2 - text);

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
  PfFaultStage *stage = user_data;
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
  PfFaultStage *stage = user_data;
  g_autoptr (PfFaultReport) report
      = pf_fault_bench_run (bench, &(PfFaultJob){ .profile = stage->home }, NULL, NULL);

  if (report->succeeded || strstr (report->text, "Another helper") == NULL)
    g_error ("the rival was let in: %s", report->text);
  pf_fault_bench_tell (bench, "unblock");
}

static void
tell (PfFaultStage *stage, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  pf_fault_bench_tell (stage->bench, command);
}

static void
set_fault (PfFaultStage *stage, const PfFaultSchedule *schedule)
{
  guint count = schedule->forever ? 0 : 1;

  switch (schedule->kind)
    {
    case PF_FAULT_FAIL:
    case PF_FAULT_REVERT_FAIL:
    case PF_FAULT_HOME_FAIL:
      tell (stage, "fail * %s %u %u", schedule->effect, count, schedule->op);
      break;
    case PF_FAULT_DOUBLE:
      tell (stage, "fail * %s 1 %u", schedule->effect, schedule->op);
      tell (stage, "fail * EIO 1 %u", schedule->op + 1 + schedule->second);
      break;
    case PF_FAULT_BLOCK:
    case PF_FAULT_ORPHAN:
    case PF_FAULT_VANISH:
    case PF_FAULT_RIVAL:
      tell (stage, "block * %u %u", count, schedule->op);
      break;
    case PF_FAULT_KILL:
    case PF_FAULT_TEAR:
    case PF_FAULT_REVERT_KILL:
    case PF_FAULT_HOME_KILL:
    case PF_FAULT_RELAPSE:
      tell (stage, "kill * %s %u %s", schedule->before ? "before" : "after", schedule->op, schedule->victim);
      break;
    case PF_FAULT_DISK:
    case PF_FAULT_RACE:
    case PF_FAULT_CALL:
    case PF_FAULT_WAIT:
    case PF_FAULT_CRASH:
    default:
      return;
    }
}

static PfFaultStuckFunc
choose_on_stuck (const PfFaultSchedule *schedule)
{
  if (schedule->kind == PF_FAULT_ORPHAN)
    return kill_helper;
  if (schedule->kind == PF_FAULT_VANISH)
    return vanish;
  return schedule->kind == PF_FAULT_RIVAL ? send_rival : unblock;
}

static gboolean
reverts (const PfFaultSchedule *schedule)
{
  return schedule->kind == PF_FAULT_REVERT_KILL || schedule->kind == PF_FAULT_REVERT_FAIL;
}

static gboolean
goes_home (const PfFaultSchedule *schedule)
{
  return schedule->kind == PF_FAULT_HOME_FAIL || schedule->kind == PF_FAULT_HOME_KILL;
}

static PfFaultReport *
carry_out (PfFaultStage *stage, const PfFaultSchedule *schedule)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (schedule->seed);
  PfFaultJob job = { .profile = stage->to };

  job.waits = schedule->kind == PF_FAULT_WAIT;
  job.reverts = reverts (schedule);
  job.goes_home = goes_home (schedule);
  job.call = schedule->kind == PF_FAULT_RACE   ? PF_FAULT_CALL_APPLY
             : schedule->kind == PF_FAULT_CALL ? PF_FAULT_CALL_HOME
                                               : PF_FAULT_CALL_NONE;
  job.call_at = schedule->op;
  job.hangs = schedule->kind == PF_FAULT_BLOCK || schedule->kind == PF_FAULT_ORPHAN
              || schedule->kind == PF_FAULT_VANISH || schedule->kind == PF_FAULT_RIVAL;
  if (schedule->kind == PF_FAULT_DISK)
    job.largest_file = (guint) g_rand_int_range (random, 256, 2048);
  if (schedule->kind == PF_FAULT_CRASH)
    job.crash_at = schedule->op + 1;
  set_fault (stage, schedule);
  return pf_fault_bench_run (stage->bench, &job, choose_on_stuck (schedule), stage);
}

/* The next helper finds what the killed one has left. */
static PfFaultReport *
recover (PfFaultStage *stage, const PfFaultSchedule *schedule)
{
  PfFaultJob job = { 0 };
  PfFaultReport *report;

  if (schedule->kind == PF_FAULT_TEAR)
    tear (stage, schedule);
  if (schedule->kind == PF_FAULT_RELAPSE && schedule->at_sync)
    job.crash_at = schedule->second + 1;
  else if (schedule->kind == PF_FAULT_RELAPSE)
    tell (stage, "kill * %s %u group", schedule->before ? "before" : "after", schedule->second);
  report = pf_fault_bench_run (stage->bench, &job, unblock, stage);
  if (schedule->kind != PF_FAULT_RELAPSE || !report->killed)
    return report;
  pf_fault_report_free (report);
  return pf_fault_bench_run (stage->bench, &(PfFaultJob){ 0 }, unblock, stage);
}

/* Where the kernel refused to take something back, or the thing is gone, or nothing could be written down. */
static gboolean
may_degrade (const PfFaultSchedule *schedule)
{
  return schedule->forever || schedule->kind == PF_FAULT_VANISH || schedule->kind == PF_FAULT_DOUBLE
         || schedule->kind == PF_FAULT_DISK;
}

/* Whether @text names what a line of a snapshot is about: a function by its address, a node by its group. */
static gboolean
names (const char *text, const char *line)
{
  g_autofree char *what = g_strndup (line, strcspn (line, " "));
  g_autofree char *group = NULL;

  if (g_str_has_prefix (line, "loans"))
    return TRUE;
  if (!g_str_has_prefix (line, "dev/vfio/"))
    return strstr (text, what) != NULL;
  group = g_strdup_printf ("group %s", what + strlen ("dev/vfio/"));
  return strstr (text, what) != NULL || strstr (text, group) != NULL;
}

static gboolean
has_line (const char *text, const char *line)
{
  const char *found = strstr (text, line);

  return found != NULL && (found == text || found[-1] == '\n') && found[strlen (line)] == '\n';
}

/* Whether @text names each function, and of each node the group, that is neither as before nor as wanted. */
static gboolean
names_what_differs (PfFaultStage *stage, const State *now, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (now->snapshot, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    if (!has_line (stage->before.snapshot, lines[i]) && !has_line (stage->target.snapshot, lines[i])
        && !names (text, lines[i]))
      return FALSE;
  return *text != '\0' && !g_str_equal (text, " | ");
}

/* Whatever could not be put right, the way home is open as soon as the kernel allows it. */
static gboolean
comes_home (PfFaultStage *stage)
{
  g_auto (State) now = { 0 };
  g_autofree char *journal = NULL;

  pf_fault_bench_tell (stage->bench, "unblock");
  pf_fake_mount_write (stage->bench->mount, "sys/bus/pci/rescan", "1");
  if (!go (stage, stage->home, NULL))
    return FALSE;
  look (stage, &now);
  journal = pf_fault_bench_read_file (stage->bench, "journal");
  return journal == NULL && is_like (&now, &stage->at_home, stage->home);
}

/* Where everything was called home meanwhile, that is what was wanted in the end. */
static gboolean
is_reached (PfFaultStage *stage, const PfFaultSchedule *schedule, const State *now)
{
  if (schedule->kind == PF_FAULT_CALL)
    return is_like (now, &stage->at_home, stage->home);
  return is_same (now, &stage->target);
}

/* The way home, once it is begun, is finished, and so is a switch that nothing was in the way of. Of what was
 * taken back nothing may stay, nor of what nobody confirmed. */
static gboolean
may_end_as (PfFaultStage *stage, const PfFaultSchedule *schedule, PfFaultOutcome outcome)
{
  if (schedule->kind == PF_FAULT_RACE || schedule->kind == PF_FAULT_CALL || goes_home (schedule))
    return outcome == PF_FAULT_REACHED || schedule->forever;
  if (schedule->kind == PF_FAULT_WAIT || reverts (schedule))
    return outcome == PF_FAULT_RESTORED || pf_profile_is_home (stage->to);
  return TRUE;
}

static PfFaultOutcome
judge (PfFaultStage *stage, const PfFaultSchedule *schedule, const PfFaultReport *report, const char **why)
{
  g_autofree char *journal = pf_fault_bench_read_file (stage->bench, "journal");
  gboolean calm = report->state == PF_SWITCHER_IDLE && !report->killed && journal == NULL;
  PfFaultOutcome outcome;
  g_auto (State) now = { 0 };

  *why = report->breach;
  if (report->breach != NULL)
    return PF_FAULT_LOST;
  look (stage, &now);
  outcome = !calm                                ? PF_FAULT_DEGRADED
            : is_reached (stage, schedule, &now) ? PF_FAULT_REACHED
            : is_same (&now, &stage->before)     ? PF_FAULT_RESTORED
                                                 : PF_FAULT_DEGRADED;
  *why = calm ? "that must not be the end" : "the helper is not at rest";
  if (outcome != PF_FAULT_DEGRADED)
    return may_end_as (stage, schedule, outcome) ? outcome : PF_FAULT_LOST;
  if (!may_degrade (schedule) || report->killed)
    return PF_FAULT_LOST;
  *why = "it is not said what is wrong";
  if (!names_what_differs (stage, &now, report->text))
    return PF_FAULT_LOST;
  *why = "it does not come home";
  return comes_home (stage) ? outcome : PF_FAULT_LOST;
}

static void
tell_story (PfFaultStage *stage,
            const PfFaultSchedule *schedule,
            const PfFaultReport *report,
            const char *why,
            gboolean with_story)
{
  g_autofree char *words = pf_fault_plan_describe (schedule);
  g_autofree char *log = pf_fake_mount_read (stage->bench->mount, "control");
  g_autofree char *journal = pf_fault_bench_read_file (stage->bench, "journal");
  g_auto (State) now = { 0 };

  look (stage, &now);
  g_print ("# %s: %s\n# state %d, said: %s\n# in force: %s\n", words, why, report->state, report->text,
           now.profiles);
  if (with_story)
    g_print ("before (%s):\n%starget (%s):\n%snow:\n%slog:\n%s\njournal:\n%s\n", stage->before.profiles,
             stage->before.snapshot, stage->target.profiles, stage->target.snapshot, now.snapshot, log,
             journal != NULL ? journal : "(none)");
}

/**
 * pf_fault_stage_play:
 * @stage: a stage
 * @schedule: what goes wrong
 * @with_story: print all there is to know of it
 *
 * Returns: what came of it
 */
PfFaultOutcome
pf_fault_stage_play (PfFaultStage *stage, const PfFaultSchedule *schedule, gboolean with_story)
{
  g_autoptr (PfFaultReport) report = NULL;
  const char *why = "";
  PfFaultOutcome outcome;

  rewind_stage (stage);
  report = carry_out (stage, schedule);
  if (report->killed)
    {
      g_clear_pointer (&report, pf_fault_report_free);
      report = recover (stage, schedule);
    }
  outcome = judge (stage, schedule, report, &why);
  if (outcome == PF_FAULT_LOST || with_story)
    tell_story (stage, schedule, report, why, with_story);
  return outcome;
}
