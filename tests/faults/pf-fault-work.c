/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What runs in the process that takes the helper's place: its machine and its switcher, which are what is
 * shipped. */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "pf-error.h"
#include "pf-fault-bench.h"
#include "pf-objection.h"

/* How long a write may take, and how long where one is going to hang for ever. */
#define WRITE_DEADLINE_MS 10000
#define SHORT_DEADLINE_MS 200
#define PATIENCE_MS 60000
#define CONFIRM_SECONDS 60

/* Counted where the linker sends every call of fsync() and fdatasync() (--wrap): what was written before is
 * there, and what comes after is not. */
static guint syncs;
static guint crash_at;

int __real_fsync (int descriptor);
int __real_fdatasync (int descriptor);
int __wrap_fsync (int descriptor);
int __wrap_fdatasync (int descriptor);

static void
count_sync (void)
{
  if (++syncs == crash_at)
    kill (getpid (), SIGKILL);
}

int
__wrap_fsync (int descriptor)
{
  count_sync ();
  return __real_fsync (descriptor);
}

int
__wrap_fdatasync (int descriptor)
{
  count_sync ();
  return __real_fdatasync (descriptor);
}

typedef struct
{
  PfSwitcher *switcher;
  PfMachine *machine;
  PfFaultBench *bench;
  const PfFaultJob *job;
  int pipe;
  gboolean announced;
  gboolean called;
  guint open; /* calls without an answer yet */
  char *transaction;
  GError *error;
} Work;

static gboolean
load_module (const char *module, gpointer bench, GError **error)
{
  if (pf_fake_mount_tell (((PfFaultBench *) bench)->mount, "modprobe %s", module) == 0)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE, "no module %s", module);
  return FALSE;
}

static void
say (int pipe, const char *text)
{
  if (write (pipe, text, strlen (text)) != (gssize) strlen (text))
    _exit (3);
}

static gboolean
on_patience_over (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
announce_stuck (Work *work)
{
  if (work->announced || pf_pending_get_first_overdue (pf_machine_get_pending (work->machine)) == NULL)
    return;
  work->announced = TRUE;
  say (work->pipe, "stuck\n");
}

/* Of two callers one is told that the other was first. */
static void
on_second_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *transaction = pf_switcher_apply_finish (work->switcher, result, &error);

  work->open--;
  if (!g_error_matches (error, PF_ERROR, PF_ERROR_BUSY))
    say (work->pipe, "breach\tthe second caller was let in\n");
}

static void
on_called_home (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GPtrArray) left = pf_switcher_return_all_finish (work->switcher, result, NULL);

  work->open--;
  if (left == NULL || left->len > 0)
    say (work->pipe, "breach\tnot everything has come home\n");
}

/* Another caller, as soon as the switch has come as far as wished. */
static void
let_other_call (Work *work)
{
  g_autoptr (PfProfile) home = NULL;
  PfSwitchRequest request = { .caller = 0, .origin = PF_ORIGIN_CTL };

  work->called = TRUE;
  work->open++;
  if (work->job->call == PF_FAULT_CALL_HOME)
    {
      pf_switcher_return_all_async (work->switcher, PF_ORIGIN_CTL, on_called_home, work);
      return;
    }
  home = pf_profile_new_home ();
  request.profile = home;
  pf_switcher_apply_async (work->switcher, &request, on_second_applied, work);
}

static gboolean
is_time_to_call (Work *work)
{
  return work->job->call != PF_FAULT_CALL_NONE && !work->called && work->open > 0
         && pf_fault_bench_count_changes (work->bench) >= work->job->call_at;
}

/* Until every call is answered and nothing is left to recover, or somebody waits in vain. */
static void
run_until_calm (Work *work)
{
  gboolean over = FALSE;
  guint timeout_id = g_timeout_add (PATIENCE_MS, on_patience_over, &over);

  while (!over && (work->open > 0 || pf_switcher_get_state (work->switcher) == PF_SWITCHER_RECOVERING))
    {
      announce_stuck (work);
      if (is_time_to_call (work))
        let_other_call (work);
      g_main_context_iteration (NULL, TRUE);
    }
  if (!over)
    g_source_remove (timeout_id);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;

  work->open--;
  work->transaction = pf_switcher_apply_finish (work->switcher, result, &work->error);
}

static void
on_reverted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;

  work->open--;
  pf_switcher_revert_finish (work->switcher, result, &work->error);
}

/* What is not home counts as an error here. */
static void
on_gone_home (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GPtrArray) left = pf_switcher_return_all_finish (work->switcher, result, &work->error);
  g_autoptr (GString) text = g_string_new ("Left:");

  work->open--;
  for (guint i = 0; left != NULL && i < left->len; i++)
    {
      const PfLeft *item = left->pdata[i];

      g_string_append_printf (text, " %s: %s", item->address, item->message);
    }
  if (left != NULL && left->len > 0)
    work->error = g_error_new_literal (PF_ERROR, PF_ERROR_FAILED, text->str);
}

/* As a person would who insists. */
static GPtrArray *
list_soft_objections (Work *work, const PfSwitchRequest *request)
{
  GPtrArray *codes = g_ptr_array_new ();
  const PfBoard *board = pf_machine_get_board (work->machine);
  PfNode node = PF_NODE_DEFAULT;
  g_autoptr (PfPlan) plan = pf_plan_compute (board, request->profile, &node, NULL);
  GPtrArray *objections = plan != NULL ? pf_objections_compute (board, plan, request->profile) : NULL;

  for (guint i = 0; objections != NULL && i < objections->len; i++)
    if (((const PfObjection *) objections->pdata[i])->severity == PF_SEVERITY_SOFT)
      g_ptr_array_add (codes, ((const PfObjection *) objections->pdata[i])->code);
  g_ptr_array_add (codes, NULL);
  return codes;
}

static void
apply (Work *work, const PfFaultJob *job)
{
  PfSwitchRequest request = { .profile = job->profile, .caller = 0, .origin = PF_ORIGIN_CTL };
  GPtrArray *codes = list_soft_objections (work, &request);

  request.override = codes->len > 1 ? (const char *const *) codes->pdata : NULL;
  request.confirm_seconds = job->waits || job->reverts ? CONFIRM_SECONDS : 0;
  work->open++;
  pf_switcher_apply_async (work->switcher, &request, on_applied, work);
  run_until_calm (work);
  /* Too late to be in the way, and still everything has to come home. */
  if (job->call == PF_FAULT_CALL_HOME && !work->called)
    let_other_call (work);
  run_until_calm (work);
}

static void
go_home (Work *work)
{
  work->open++;
  pf_switcher_return_all_async (work->switcher, PF_ORIGIN_CTL, on_gone_home, work);
  run_until_calm (work);
}

static void
settle_confirmation (Work *work, const PfFaultJob *job)
{
  if (pf_switcher_get_state (work->switcher) != PF_SWITCHER_AWAITING_CONFIRMATION)
    return;
  if (job->waits)
    kill (getpid (), SIGKILL);
  if (!job->reverts)
    {
      pf_switcher_confirm (work->switcher, work->transaction, &work->error);
      return;
    }
  work->open++;
  pf_switcher_revert_async (work->switcher, work->transaction, on_reverted, work);
  run_until_calm (work);
}

static void
report (Work *work)
{
  const GError *problem = work->switcher != NULL ? pf_switcher_get_problem (work->switcher) : NULL;
  g_autofree char *line
      = g_strdup_printf ("end\t%d\t%d\t%u\t%s | %s\n",
                         work->switcher != NULL ? (int) pf_switcher_get_state (work->switcher) : -1,
                         work->error == NULL, syncs, work->error != NULL ? work->error->message : "",
                         problem != NULL ? problem->message : "");

  say (work->pipe, line);
}

static void
drop_message (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

static void
prepare_process (const PfFaultJob *job)
{
  struct rlimit limit = { job->largest_file, job->largest_file };

  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (g_getenv ("PF_LOG") == NULL)
    g_log_set_default_handler (drop_message, NULL);
  if (job->largest_file > 0)
    {
      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &limit);
    }
}

/**
 * pf_fault_work:
 * @bench: where
 * @job: what to do
 * @pipe: where to tell of it
 *
 * Does a helper's work from start to end.
 */
void
pf_fault_work (PfFaultBench *bench, const PfFaultJob *job, int pipe)
{
  g_autofree char *sys = pf_fake_mount_get_path (bench->mount, "sys");
  g_autofree char *dev = pf_fake_mount_get_path (bench->mount, "dev");
  g_autofree char *proc = pf_fake_mount_get_path (bench->mount, "proc");
  PfRoots roots = {
    .sys = sys,
    .dev = dev,
    .proc = proc,
    .config = bench->state,
    .runtime = bench->state,
    .state = bench->state,
    .chipsets = g_getenv ("PF_CHIPSETS"),
    .write_deadline = job->hangs ? SHORT_DEADLINE_MS : WRITE_DEADLINE_MS,
    .load_module = load_module,
    .load_module_data = bench,
  };
  Work work = { .bench = bench, .job = job, .pipe = pipe };

  prepare_process (job);
  crash_at = job->crash_at;
  work.machine = pf_machine_new (&roots, &work.error);
  if (work.machine != NULL)
    {
      work.switcher = pf_switcher_new (work.machine);
      if (pf_switcher_recover (work.switcher, &work.error))
        run_until_calm (&work);
      if (job->goes_home && work.error == NULL)
        go_home (&work);
      else if (job->profile != NULL && work.error == NULL)
        {
          apply (&work, job);
          settle_confirmation (&work, job);
        }
    }
  report (&work);
  _exit (0);
}
