/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fault-bench.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-route-register.h"

/* The files of a helper that may be there when it is at rest. */
static const char *const files[] = { "loans", "journal", "lock", "owner", "confirmed" };

static char *memory;

/**
 * pf_fault_bench_enter_namespaces:
 *
 * Moves this process into namespaces of its own, with a place for temporary files that is memory, as /run is:
 * thousands of switches sync their files. See pf_fault_bench_leave().
 */
void
pf_fault_bench_enter_namespaces (void)
{
  const char *folder = g_getenv ("TMPDIR");

  pf_fake_mount_enter_namespaces ();
  memory = g_build_filename (folder != NULL ? folder : "/tmp", "portferry-faults-XXXXXX", NULL);
  if (g_mkdtemp_full (memory, 0755) == NULL
      || mount ("portferry-faults", memory, "tmpfs", 0, "mode=0755") != 0)
    g_error ("%s: %s", memory, g_strerror (errno));
  g_setenv ("TMPDIR", memory, TRUE);
}

/**
 * pf_fault_bench_leave:
 *
 * Nothing is left behind.
 */
void
pf_fault_bench_leave (void)
{
  umount2 (memory, MNT_DETACH);
  g_rmdir (memory);
}

/* Boards are read with every look at the machine; without what is plugged in that takes a fraction of the
 * time. */
static char *
drop_devices (const char *text)
{
  g_auto (GStrv) sections = g_strsplit (text, "\n[", -1);
  GString *lean = g_string_new (sections[0]);

  for (guint i = 1; sections[i] != NULL; i++)
    if (!g_str_has_prefix (sections[i], "device ") && !g_str_has_prefix (sections[i], "socket ")
        && !g_str_has_prefix (sections[i], "disk "))
      g_string_append_printf (lean, "\n[%s", sections[i]);
  g_string_append_c (lean, '\n');
  return g_string_free (lean, FALSE);
}

static void
replace (char **text, char *by)
{
  g_free (*text);
  *text = by;
}

static char *
add_setting (const char *text, const char *group, const char *setting)
{
  g_auto (GStrv) parts = g_strsplit (text, group, 2);

  if (g_strv_length (parts) != 2)
    g_error ("this board has no %s", group);
  return g_strconcat (parts[0], group, "\n", setting, parts[1], NULL);
}

/* Lets the kernel put the router to sleep when it is idle. */
static char *
let_router_sleep (const char *text)
{
  return add_setting (text, "[function 0000:00:14.0]", "power=auto");
}

/**
 * pf_fault_bench_new:
 * @board: name of a board; with a "+" behind it, with all that is plugged in there; with a "~", its router
 * may be put to sleep; with a "!", on a kernel with iommufd
 *
 * Returns: (transfer full): a fake kernel of that board, just booted
 */
PfFaultBench *
pf_fault_bench_new (const char *board)
{
  PfFaultBench *bench = g_new0 (PfFaultBench, 1);
  g_autofree char *file = g_strdup_printf ("%.*s.board", (int) strcspn (board, "+~!"), board);
  g_autofree char *path = g_build_filename (g_getenv ("PF_BOARDS"), file, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("%s cannot be read", path);
  if (strchr (board, '+') == NULL)
    replace (&text, drop_devices (text));
  if (strchr (board, '~') != NULL)
    replace (&text, let_router_sleep (text));
  if (strchr (board, '!') != NULL)
    replace (&text, add_setting (text, "[board]", "iommufd=true"));
  bench->mount = pf_fake_mount_start_text (text);
  bench->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  bench->state = g_dir_make_tmp ("portferry-faults-XXXXXX", NULL);
  g_assert_nonnull (bench->state);
  return bench;
}

static void
remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (folder);
}

void
pf_fault_bench_free (PfFaultBench *bench)
{
  pf_fault_bench_tell (bench, "unblock");
  pf_fake_mount_stop (bench->mount);
  remove_folder (bench->state);
  g_free (bench->state);
  g_hash_table_unref (bench->classes);
  g_free (bench);
}

/**
 * pf_fault_bench_get_file:
 *
 * Returns: (transfer full): the path of one of the helper's files
 */
char *
pf_fault_bench_get_file (const PfFaultBench *bench, const char *name)
{
  return g_build_filename (bench->state, name, NULL);
}

/**
 * pf_fault_bench_read_file:
 *
 * Returns: (transfer full) (nullable): the content of one of the helper's files
 */
char *
pf_fault_bench_read_file (const PfFaultBench *bench, const char *name)
{
  g_autofree char *path = pf_fault_bench_get_file (bench, name);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_clear_pointer (&dir, g_dir_close);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static gboolean
is_xhci (PfFaultBench *bench, const char *address)
{
  const char *class_code = g_hash_table_lookup (bench->classes, address);

  if (class_code == NULL)
    {
      g_autofree char *path = g_strdup_printf ("sys/bus/pci/devices/%s/class", address);
      char *text = pf_fake_mount_read (bench->mount, path);

      class_code = text;
      g_hash_table_insert (bench->classes, g_strdup (address), text);
    }
  return g_strcmp0 (class_code, "0x0c0330") == 0;
}

/* Appends who has the function's own node, whatever number it has now. */
static void
append_device (GString *text, PfFaultBench *bench, const char *address)
{
  g_autofree char *folder = g_strdup_printf ("sys/bus/pci/devices/%s/vfio-dev", address);
  g_autofree char *folder_path = pf_fake_mount_get_path (bench->mount, folder);
  g_autoptr (GPtrArray) names = list (folder_path);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *node = g_build_filename ("dev/vfio/devices", names->pdata[i], NULL);
      g_autofree char *path = pf_fake_mount_get_path (bench->mount, node);
      struct stat status = { 0 };

      stat (path, &status);
      g_string_append_printf (text, " node %u %u %o", status.st_uid, status.st_gid, status.st_mode);
    }
}

static void
append_function (GString *text, PfFaultBench *bench, const char *address)
{
  g_autofree char *driver = pf_fake_mount_get_driver (bench->mount, address);
  g_autofree char *path = g_strdup_printf ("sys/bus/pci/devices/%s/driver_override", address);
  g_autofree char *override_ = pf_fake_mount_read (bench->mount, path);

  g_string_append_printf (text, "%s %s %s", address, driver, override_);
  append_device (text, bench, address);
  if (is_xhci (bench, address))
    {
      g_autofree char *control_path = g_strdup_printf ("sys/bus/pci/devices/%s/power/control", address);
      g_autofree char *control = pf_fake_mount_read (bench->mount, control_path);

      g_string_append_printf (text, " ports %08x halves %08x power %s",
                              pf_fake_mount_read_register (bench->mount, address, PF_REGISTER_XUSB2PR),
                              pf_fake_mount_read_register (bench->mount, address, PF_REGISTER_USB3_PSSEN),
                              control);
    }
  g_string_append_c (text, '\n');
}

/* What is on record of what is lent. See pf_fault_bench_get_profiles() for the first section. */
static void
append_loans (GString *text, PfFaultBench *bench)
{
  g_autofree char *loans = pf_fault_bench_read_file (bench, "loans");
  g_auto (GStrv) sections = g_strsplit (loans != NULL ? loans : "", "\n\n", -1);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  for (guint i = 0; sections[i] != NULL; i++)
    if (!g_str_has_prefix (sections[i], "[Loans]"))
      g_ptr_array_add (sorted, g_strdelimit (g_strchomp (sections[i]), "\n", ' '));
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf (text, "loans: %s\n", (const char *) sorted->pdata[i]);
}

static void
append_node (GString *text, PfFaultBench *bench, const char *name)
{
  g_autofree char *node = g_build_filename ("dev/vfio", name, NULL);
  g_autofree char *path = pf_fake_mount_get_path (bench->mount, node);
  struct stat status = { 0 };

  if (g_str_equal (name, "devices"))
    return;
  stat (path, &status);
  g_string_append_printf (text, "%s %u %u %o\n", node, status.st_uid, status.st_gid, status.st_mode);
}

/* What was set aside because it could not be believed, or is left of a file that was being replaced. A
 * journal is there while something is under way, which is looked at for itself. A helper that is killed
 * leaves a temporary file. */
static void
append_strange_file (GString *text, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (g_str_equal (name, files[i]))
      return;
  if (!g_str_has_prefix (name, ".portferry-"))
    g_string_append_printf (text, "file: %s\n", name);
}

/**
 * pf_fault_bench_snapshot:
 *
 * Returns: (transfer full): all of the kernel that a switch can change, a line for each function and node,
 * and what is on record of it
 */
char *
pf_fault_bench_snapshot (PfFaultBench *bench)
{
  GString *text = g_string_new (NULL);
  g_autofree char *functions_path = pf_fake_mount_get_path (bench->mount, "sys/bus/pci/devices");
  g_autofree char *nodes_path = pf_fake_mount_get_path (bench->mount, "dev/vfio");
  g_autoptr (GPtrArray) functions = list (functions_path);
  g_autoptr (GPtrArray) nodes = list (nodes_path);
  g_autoptr (GPtrArray) state = list (bench->state);

  for (guint i = 0; i < functions->len; i++)
    append_function (text, bench, functions->pdata[i]);
  for (guint i = 0; i < nodes->len; i++)
    append_node (text, bench, nodes->pdata[i]);
  for (guint i = 0; i < state->len; i++)
    append_strange_file (text, state->pdata[i]);
  append_loans (text, bench);
  return g_string_free (text, FALSE);
}

/**
 * pf_fault_bench_get_profiles:
 *
 * Returns: (transfer full): "NOW, after BEFORE": ids of the profile that is on record as in force, and of the
 * one that Toggle leads back to
 */
char *
pf_fault_bench_get_profiles (PfFaultBench *bench)
{
  PfLedger *ledger = pf_ledger_new (bench->state);
  g_autofree char *profile = NULL;
  g_autofree char *previous = NULL;

  pf_ledger_load (ledger, NULL);
  profile = pf_ledger_get_profile (ledger);
  previous = pf_ledger_get_previous (ledger);
  pf_ledger_free (ledger);
  return g_strdup_printf ("%s, after %s", profile != NULL ? profile : PF_PROFILE_HOME,
                          previous != NULL ? previous : "nothing");
}

/**
 * pf_fault_bench_count_changes:
 *
 * Returns: how many changes the fake kernel has been asked for
 */
guint
pf_fault_bench_count_changes (PfFaultBench *bench)
{
  g_autofree char *log = pf_fake_mount_read (bench->mount, "control");
  guint count = 0;

  for (const char *line = log; line != NULL && *line != '\0'; count++)
    {
      line = strchr (line, '\n');
      line += line != NULL ? 1 : 0;
    }
  return count;
}

/**
 * pf_fault_bench_tell:
 *
 * Gives the fake kernel a command, which it has to accept.
 */
void
pf_fault_bench_tell (PfFaultBench *bench, const char *command)
{
  int number = pf_fake_mount_tell (bench->mount, "%s", command);

  if (number != 0)
    g_error ("%s: %s", command, g_strerror (number));
}

static void
parse_end (PfFaultReport *report, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", 5);

  report->killed = FALSE;
  report->state = (PfSwitcherState) atoi (fields[1]);
  report->succeeded = atoi (fields[2]) != 0;
  report->syncs = (guint) atoi (fields[3]);
  report->text = g_strdup (fields[4]);
}

/* Reads what the process says until it has no more to say: until its end, for a child of it that hangs keeps
 * no pipe. */
static void
listen (PfFaultBench *bench,
        FILE *stream,
        pid_t pid,
        PfFaultReport *report,
        PfFaultStuckFunc on_stuck,
        gpointer user_data)
{
  char line[8192];

  while (fgets (line, sizeof line, stream) != NULL)
    {
      g_strchomp (line);
      if (g_str_equal (line, "stuck") && on_stuck != NULL)
        on_stuck (bench, pid, user_data);
      else if (g_str_has_prefix (line, "end\t"))
        parse_end (report, line);
      else if (g_str_has_prefix (line, "breach\t"))
        replace (&report->breach, g_strdup (line + strlen ("breach\t")));
    }
}

/**
 * pf_fault_bench_run:
 * @bench: where
 * @job: what to do
 * @on_stuck: (nullable): called when the kernel does not answer
 * @user_data: for @on_stuck
 *
 * Lets a process of its own do it, and waits for its end.
 *
 * Returns: (transfer full): what came of it
 */
PfFaultReport *
pf_fault_bench_run (PfFaultBench *bench, const PfFaultJob *job, PfFaultStuckFunc on_stuck, gpointer user_data)
{
  PfFaultReport *report = g_new0 (PfFaultReport, 1);
  int pipes[2], status;
  FILE *stream;
  pid_t pid;

  report->killed = TRUE;
  g_assert_cmpint (pipe2 (pipes, O_CLOEXEC), ==, 0);
  fflush (NULL);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      close (pipes[0]);
      pf_fault_work (bench, job, pipes[1]);
    }
  close (pipes[1]);
  stream = fdopen (pipes[0], "r");
  listen (bench, stream, pid, report, on_stuck, user_data);
  fclose (stream);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    continue;
  if (report->text == NULL)
    report->text = g_strdup (WIFSIGNALED (status) && WTERMSIG (status) != SIGKILL ? "CRASHED" : "killed");
  return report;
}

void
pf_fault_report_free (PfFaultReport *report)
{
  g_free (report->text);
  g_free (report->breach);
  g_free (report);
}
