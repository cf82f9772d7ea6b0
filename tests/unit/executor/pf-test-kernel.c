/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-kernel.h"

#include <string.h>
#include <sys/stat.h>

#include "pf-error.h"
#include "pf-test-wish.h"

#define PATIENCE 30000 /* milliseconds */

static PfNames *
get_names (void)
{
  static PfNames *names;

  if (names == NULL)
    names = pf_names_new ();
  return names;
}

static PfTestKernel *
new_on_mount (PfFakeMount *mount)
{
  PfTestKernel *kernel = g_new0 (PfTestKernel, 1);
  g_autofree char *sys = pf_fake_mount_get_path (mount, "sys");
  g_autofree char *dev = pf_fake_mount_get_path (mount, "dev");
  g_autofree char *proc = pf_fake_mount_get_path (mount, "proc");
  g_autoptr (GError) error = NULL;

  kernel->mount = mount;
  kernel->tree = pf_tree_new (sys, dev, proc, &error);
  g_assert_no_error (error);
  kernel->loans = pf_loans_new ();
  kernel->record = g_string_new (NULL);
  kernel->refuse_record = -1;
  return kernel;
}

/**
 * pf_test_kernel_new:
 * @board: name of a board in tests/boards
 *
 * Returns: (transfer full): a machine that has just booted
 */
PfTestKernel *
pf_test_kernel_new (const char *board)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.board", g_getenv ("PF_BOARDS"), board);

  return new_on_mount (pf_fake_mount_start (path));
}

/**
 * pf_test_kernel_new_with:
 * @board: name of a board in tests/boards
 * @group: one of its groups, with its brackets
 * @setting: one more line for that group
 *
 * Returns: (transfer full): a machine that has just booted
 */
PfTestKernel *
pf_test_kernel_new_with (const char *board, const char *group, const char *setting)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.board", g_getenv ("PF_BOARDS"), board);
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *changed = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  parts = g_strsplit (text, group, 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  changed = g_strconcat (parts[0], group, "\n", setting, parts[1], NULL);
  return new_on_mount (pf_fake_mount_start_text (changed));
}

/**
 * pf_test_kernel_free:
 * @kernel: (transfer full): a machine
 */
void
pf_test_kernel_free (PfTestKernel *kernel)
{
  pf_tree_unref (kernel->tree);
  pf_fake_mount_stop (kernel->mount);
  pf_loans_free (kernel->loans);
  g_string_free (kernel->record, TRUE);
  g_free (kernel->module);
  g_clear_error (&kernel->error);
  g_free (kernel);
}

/**
 * pf_test_kernel_tell:
 * @kernel: a machine
 * @command: for its control file
 */
void
pf_test_kernel_tell (PfTestKernel *kernel, const char *command)
{
  g_test_message ("%s", command);
  g_assert_cmpint (pf_fake_mount_tell (kernel->mount, "%s", command), ==, 0);
}

/**
 * pf_test_kernel_scan:
 * @kernel: a machine
 *
 * Returns: (transfer full): what the scanner makes of it
 */
PfBoard *
pf_test_kernel_scan (PfTestKernel *kernel)
{
  g_autoptr (GError) error = NULL;
  PfBoard *board = pf_scan (kernel->tree, pf_test_wish_get_chipsets (), get_names (), kernel->loans, &error);

  g_assert_no_error (error);
  return board;
}

/* The number of its node is another one at every bind, so that the function names it. */
static void
describe_device (PfTestKernel *kernel, GString *text, const char *address)
{
  g_autofree char *folder
      = g_strdup_printf ("%s/sys/bus/pci/devices/%s/vfio-dev", kernel->mount->path, address);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name = directory != NULL ? g_dir_read_name (directory) : NULL;
  g_autofree char *path = g_strdup_printf ("%s/dev/vfio/devices/%s", kernel->mount->path, name);
  struct stat status;

  if (name == NULL)
    return;
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_string_append_printf (text, "%s node %u:%u %o\n", address, status.st_uid, status.st_gid,
                          status.st_mode & 07777);
}

static void
describe_function (PfTestKernel *kernel, GString *text, const char *address)
{
  g_autofree char *driver = pf_fake_mount_get_driver (kernel->mount, address);
  g_autofree char *path = g_strdup_printf ("sys/bus/pci/devices/%s/driver_override", address);
  g_autofree char *driver_override = pf_fake_mount_read (kernel->mount, path);

  g_string_append_printf (text, "%s driver %s override %s\n", address, driver != NULL ? driver : "none",
                          driver_override);
  describe_device (kernel, text, address);
}

static void
describe_node (PfTestKernel *kernel, GString *text, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/dev/vfio/%s", kernel->mount->path, name);
  struct stat status;

  /* The container's node comes with the module, and stays. */
  if (g_str_equal (name, "vfio") || g_str_equal (name, "devices"))
    return;
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_string_append_printf (text, "node %s %u:%u %o\n", name, status.st_uid, status.st_gid,
                          status.st_mode & 07777);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
describe_all (PfTestKernel *kernel,
              GString *text,
              const char *folder,
              void (*describe) (PfTestKernel *, GString *, const char *))
{
  g_autofree char *path = pf_fake_mount_get_path (kernel->mount, folder);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    describe (kernel, text, names->pdata[i]);
}

/**
 * pf_test_kernel_describe:
 * @kernel: a machine
 *
 * Read past the product's code.
 *
 * Returns: (transfer full): everything that a plan can change, as text
 */
char *
pf_test_kernel_describe (PfTestKernel *kernel)
{
  GString *text = g_string_new (NULL);

  if (pf_fake_mount_has (kernel->mount, "sys/bus/pci/devices/0000:00:14.0"))
    g_string_append_printf (text, "XUSB2PR 0x%08x\n",
                            pf_fake_mount_read_register (kernel->mount, "0000:00:14.0", 0xd0));
  describe_all (kernel, text, "sys/bus/pci/devices", describe_function);
  describe_all (kernel, text, "dev/vfio", describe_node);
  return g_string_free (text, FALSE);
}

/**
 * pf_test_kernel_count_writes:
 * @kernel: a machine
 *
 * Returns: how many changes were asked for since the log was cleared
 */
guint
pf_test_kernel_count_writes (PfTestKernel *kernel)
{
  g_autofree char *log = pf_fake_mount_read (kernel->mount, "control");
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);
  guint count = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    count += *lines[i] != '\0';
  return count;
}

/**
 * pf_test_kernel_plan:
 * @kernel: a machine
 * @controllers: addresses, separated by spaces
 * @ports: names of ports, separated by spaces; with neither it is the way home
 *
 * Returns: (transfer full): the plan from where the machine is now, with nodes for user and group 1000
 */
PfPlan *
pf_test_kernel_plan (PfTestKernel *kernel, const char *controllers, const char *ports)
{
  const PfNode node = { 1000, 1000, 0600 };
  g_autoptr (PfBoard) board = pf_test_kernel_scan (kernel);
  gboolean home = *controllers == '\0' && *ports == '\0';
  g_autoptr (PfProfile) profile = home ? pf_profile_new_home () : pf_profile_new ("test");
  g_autoptr (GError) error = NULL;
  PfPlan *plan;

  pf_test_wish_fill (profile, board, controllers, ports);
  plan = pf_plan_compute (board, profile, &node, &error);
  g_assert_no_error (error);
  return plan;
}

static void
record_loan (PfLoans *loans, const PfStep *step, gboolean from)
{
  PfLoan *loan = pf_loans_find (loans, step->group);

  if (loan == NULL)
    {
      loan = pf_loans_add (loans, step->group);
      loan->node = from ? step->node_before : step->node;
    }
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];
      const PfBinding *home = from ? &move->from : &move->to;

      if (pf_loan_find_member (loan, move->address) == NULL)
        pf_loan_add_member (loan, move->address, home->driver, home->driver_override);
    }
  for (guint i = 0; i < step->devices->len; i++)
    {
      const PfNodeChange *change = step->devices->pdata[i];

      if (pf_loan_find_member (loan, change->address) == NULL)
        pf_loan_add_device (loan, change->address, from ? &change->from : &change->to);
    }
}

static void
record_bind (PfLoans *loans, const PfStep *step, PfStepPhase phase)
{
  if (phase == PF_STEP_PHASE_BEGIN && step->lends)
    record_loan (loans, step, TRUE);
  else if (phase == PF_STEP_PHASE_UNDONE && !step->lends)
    record_loan (loans, step, FALSE);
  else if (phase == (step->lends ? PF_STEP_PHASE_UNDONE : PF_STEP_PHASE_DONE))
    pf_loans_remove (loans, step->group);
}

static gboolean
on_step (const PfStep *step, PfStepPhase phase, gpointer user_data, GError **error)
{
  static const char *const phases[] = { "begin", "done", "undone" };
  PfTestKernel *kernel = user_data;
  guint32 ignored;

  if (kernel->refuse_record == 0)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_WRITE_FAILED, "The disk is full.");
      return FALSE;
    }
  if (kernel->refuse_record > 0)
    kernel->refuse_record--;
  if (step->kind == PF_STEP_BIND)
    {
      g_string_append_printf (kernel->record, "%s %s %d\n", phases[phase], step->lends ? "lend" : "return",
                              step->group);
      record_bind (kernel->loans, step, phase);
      return TRUE;
    }
  if (step->kind == PF_STEP_NODE)
    {
      g_string_append_printf (kernel->record, "%s node %d\n", phases[phase], step->group);
      return TRUE;
    }
  g_string_append_printf (kernel->record, "%s route 0x%04x\n", phases[phase], step->to);
  if (phase == PF_STEP_PHASE_BEGIN && !pf_loans_get_home (kernel->loans, step->router, step->setting, &ignored))
    pf_loans_set_home (kernel->loans, step->router, step->setting, step->from);
  return TRUE;
}

/* Asks the fake kernel, as pf_module_load() asks the real one. */
static gboolean
on_module_wanted (const char *module, gpointer user_data, GError **error)
{
  PfTestKernel *kernel = user_data;

  g_free (kernel->module);
  kernel->module = g_strdup (module);
  if (kernel->module_is_useless || pf_fake_mount_tell (kernel->mount, "modprobe %s", module) == 0)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE, "There is no module “%s”.", module);
  return FALSE;
}

typedef struct
{
  PfTestKernel *kernel;
  gboolean *finished;
} Run;

static void
on_run_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Run *run = user_data;

  run->kernel->done
      = pf_executor_run_finish (PF_EXECUTOR (source), result, &run->kernel->restored, &run->kernel->error);
  g_assert_cmpint (run->kernel->done, ==, run->kernel->error == NULL);
  *run->finished = TRUE;
}

/**
 * pf_test_kernel_start:
 * @kernel: a machine
 * @plan: what to do
 * @keep_going: as pf_executor_run_async()
 * @finished: becomes TRUE at the end
 *
 * Starts a run; the outcome is in @kernel at the end.
 */
void
pf_test_kernel_start (PfTestKernel *kernel, const PfPlan *plan, gboolean keep_going, gboolean *finished)
{
  g_autoptr (PfExecutor) executor = pf_executor_new (kernel->tree, on_step, kernel);
  Run *run = g_new0 (Run, 1);

  run->kernel = kernel;
  run->finished = finished;
  *finished = FALSE;
  g_clear_error (&kernel->error);
  g_string_truncate (kernel->record, 0);
  pf_executor_set_module_loader (executor, on_module_wanted, kernel);
  pf_executor_run_async (executor, plan, keep_going, on_run_done, run);
}

static gboolean
on_patience_over (gpointer user_data)
{
  g_error ("nothing happens");
  return G_SOURCE_REMOVE;
}

/**
 * pf_test_kernel_wait_for:
 * @condition: what has to become TRUE
 *
 * Runs the main loop until it is.
 */
void
pf_test_kernel_wait_for (gboolean *condition)
{
  guint patience = g_timeout_add (PATIENCE, on_patience_over, NULL);

  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

/**
 * pf_test_kernel_run:
 * @kernel: a machine
 * @plan: what to do
 * @keep_going: as pf_executor_run_async()
 *
 * Carries a plan out, or as much of it as goes.
 */
void
pf_test_kernel_run (PfTestKernel *kernel, const PfPlan *plan, gboolean keep_going)
{
  gboolean finished;

  pf_test_kernel_start (kernel, plan, keep_going, &finished);
  pf_test_kernel_wait_for (&finished);
}
