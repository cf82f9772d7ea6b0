/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fault-bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define PATIENCE_MS 20000

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

/**
 * pf_fault_bench_new:
 * @board: name of a board; with a "+" behind it, with all that is plugged in there
 *
 * Returns: (transfer full): a fake kernel of that board, just booted
 */
PfFaultBench *
pf_fault_bench_new (const char *board)
{
  PfFaultBench *bench = g_new0 (PfFaultBench, 1);
  gboolean whole = g_str_has_suffix (board, "+");
  g_autofree char *file = g_strdup_printf ("%.*s.board", (int) strcspn (board, "+"), board);
  g_autofree char *path = g_build_filename (g_getenv ("PF_BOARDS"), file, NULL);
  g_autofree char *text = NULL;
  g_autofree char *lean = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("%s cannot be read", path);
  lean = drop_devices (text);
  bench->mount = pf_fake_mount_start_text (whole ? text : lean);
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
list (PfFaultBench *bench, const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = pf_fake_mount_get_path (bench->mount, folder);
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_clear_pointer (&dir, g_dir_close);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
append_function (GString *text, PfFaultBench *bench, const char *address)
{
  g_autofree char *driver = pf_fake_mount_get_driver (bench->mount, address);
  g_autofree char *path = g_strdup_printf ("sys/bus/pci/devices/%s/driver_override", address);
  g_autofree char *override_ = pf_fake_mount_read (bench->mount, path);
  g_autofree char *class_path = g_strdup_printf ("sys/bus/pci/devices/%s/class", address);
  g_autofree char *class_code = pf_fake_mount_read (bench->mount, class_path);

  g_string_append_printf (text, "%s %s %s", address, driver, override_);
  if (g_strcmp0 (class_code, "0x0c0330") == 0)
    g_string_append_printf (text, " %08x", pf_fake_mount_read_register (bench->mount, address, 0xd0));
  g_string_append_c (text, '\n');
}

/* What is on record of what is lent. Where Toggle leads does not matter here. */
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
  g_autoptr (GPtrArray) functions = list (bench, "sys/bus/pci/devices");
  g_autoptr (GPtrArray) nodes = list (bench, "dev/vfio");

  for (guint i = 0; i < functions->len; i++)
    append_function (text, bench, functions->pdata[i]);
  for (guint i = 0; i < nodes->len; i++)
    {
      g_autofree char *name = g_build_filename ("dev/vfio", nodes->pdata[i], NULL);
      g_autofree char *path = pf_fake_mount_get_path (bench->mount, name);
      struct stat status = { 0 };

      stat (path, &status);
      g_string_append_printf (text, "%s %u %u %o\n", name, status.st_uid, status.st_gid, status.st_mode);
    }
  append_loans (text, bench);
  return g_string_free (text, FALSE);
}

/**
 * pf_fault_bench_get_profile:
 *
 * Returns: (transfer full): id of the profile that is on record as in force
 */
char *
pf_fault_bench_get_profile (PfFaultBench *bench)
{
  PfLedger *ledger = pf_ledger_new (bench->state);
  char *profile;

  pf_ledger_load (ledger, NULL);
  profile = pf_ledger_get_profile (ledger);
  pf_ledger_free (ledger);
  return profile != NULL ? profile : g_strdup (PF_PROFILE_HOME);
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

/**
 * pf_fault_bench_is_hanging:
 *
 * Returns: whether the fake kernel owes somebody an answer
 */
gboolean
pf_fault_bench_is_hanging (PfFaultBench *bench)
{
  g_autofree char *log = pf_fake_mount_read (bench->mount, "control");
  g_auto (GStrv) lines = g_strsplit (log != NULL ? log : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);

      if (g_strv_length (fields) == 5 || (g_strv_length (fields) == 6 && *fields[5] == '\0'))
        return TRUE;
    }
  return FALSE;
}

static void
parse_end (PfFaultReport *report, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", 4);

  report->killed = FALSE;
  report->state = (PfSwitcherState) atoi (fields[1]);
  report->succeeded = atoi (fields[2]) != 0;
  report->text = g_strdup (fields[3]);
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
      else if (g_str_has_prefix (line, "problem\t"))
        g_print ("# %s\n", line);
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
  g_free (report);
}
