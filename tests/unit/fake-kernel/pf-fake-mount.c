/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define STEP_MS 10
#define PATIENCE_MS 5000

/**
 * pf_fake_mount_enter_namespaces:
 *
 * Moves this process into mount and network namespaces of its own, so that neither mounts nor uevents leave
 * the test.
 */
void
pf_fake_mount_enter_namespaces (void)
{
  if (unshare (CLONE_NEWNS | CLONE_NEWNET) != 0)
    g_error ("namespaces: %s (these tests need root)", g_strerror (errno));
  if (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    g_error ("private mounts: %s", g_strerror (errno));
}

static void
wait_a_little (guint milliseconds)
{
  g_usleep (milliseconds * G_TIME_SPAN_MILLISECOND);
}

/* In the child: a test that dies takes its fake kernel with it. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/**
 * pf_fake_mount_start:
 * @board: path of a board file
 *
 * Returns: (transfer full): a fake kernel that is ready
 */
PfFakeMount *
pf_fake_mount_start (const char *board)
{
  PfFakeMount *mount = g_new0 (PfFakeMount, 1);
  g_autofree char *uid = g_strdup_printf ("%d", PF_FAKE_MOUNT_ROOT_UID);
  const char *command[] = {
    g_getenv ("PF_FAKE_KERNEL"), "--foreground", "--uevents", "--root-uid", uid, "--board", board, NULL, NULL
  };
  g_autoptr (GError) error = NULL;

  mount->path = g_dir_make_tmp (NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (chmod (mount->path, 0755), ==, 0);
  command[7] = mount->path;
  g_spawn_async (NULL, (char **) command, NULL, G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent, NULL, &mount->pid,
                 &error);
  g_assert_no_error (error);
  if (!pf_fake_mount_wait_for (mount, "control", TRUE))
    g_error ("%s: the fake kernel does not start", board);
  return mount;
}

static char *
write_board (const char *text)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int descriptor = g_file_open_tmp (NULL, &path, &error);

  g_assert_no_error (error);
  close (descriptor);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

/**
 * pf_fake_mount_start_text:
 * @text: content of a board file
 *
 * Returns: (transfer full): a fake kernel that is ready
 */
PfFakeMount *
pf_fake_mount_start_text (const char *text)
{
  g_autofree char *board = write_board (text);
  PfFakeMount *mount = pf_fake_mount_start (board);

  mount->board = g_steal_pointer (&board);
  return mount;
}

/**
 * pf_fake_mount_refuse_text:
 * @text: content of a board file with a mistake
 *
 * Returns: (transfer full): what the fake kernel says instead of starting
 */
char *
pf_fake_mount_refuse_text (const char *text)
{
  g_autofree char *board = write_board (text);
  const char *command[] = { g_getenv ("PF_FAKE_KERNEL"), "--board", board, "/nonexistent", NULL };
  char *message = NULL;
  int status = 0;

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &message,
                               &status, NULL));
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == EXIT_FAILURE);
  g_assert_nonnull (strstr (message, board));
  g_unlink (board);
  return message;
}

/**
 * pf_fake_mount_stop:
 *
 * Unmounts, which ends the fake kernel, and checks that it ends well.
 */
void
pf_fake_mount_stop (PfFakeMount *mount)
{
  int status = 0;

  if (umount2 (mount->path, MNT_DETACH) != 0)
    g_error ("%s: %s", mount->path, g_strerror (errno));
  g_assert_cmpint (waitpid (mount->pid, &status, 0), ==, mount->pid);
  g_spawn_close_pid (mount->pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_rmdir (mount->path);
  if (mount->board != NULL)
    g_unlink (mount->board);
  g_free (mount->board);
  g_free (mount->path);
  g_free (mount);
}

/**
 * pf_fake_mount_get_path:
 *
 * Returns: (transfer full): the absolute path
 */
char *
pf_fake_mount_get_path (PfFakeMount *mount, const char *path)
{
  return g_build_filename (mount->path, path, NULL);
}

/**
 * pf_fake_mount_read:
 *
 * Returns: (transfer full) (nullable): the text of a file, without the newline at its end
 */
char *
pf_fake_mount_read (PfFakeMount *mount, const char *path)
{
  g_autofree char *full = pf_fake_mount_get_path (mount, path);
  char *text = NULL;

  return g_file_get_contents (full, &text, NULL, NULL) ? g_strchomp (text) : NULL;
}

/**
 * pf_fake_mount_read_link:
 *
 * Returns: (transfer full) (nullable): the target of a link
 */
char *
pf_fake_mount_read_link (PfFakeMount *mount, const char *path)
{
  g_autofree char *full = pf_fake_mount_get_path (mount, path);

  return g_file_read_link (full, NULL);
}

/**
 * pf_fake_mount_has:
 *
 * Returns: whether there is something, a link that leads nowhere included
 */
gboolean
pf_fake_mount_has (PfFakeMount *mount, const char *path)
{
  g_autofree char *full = pf_fake_mount_get_path (mount, path);
  struct stat status;

  return lstat (full, &status) == 0;
}

static int
write_once (const char *path, const char *bytes, gsize size, goffset offset)
{
  int descriptor = open (path, O_WRONLY | O_CLOEXEC);
  gssize written;
  int result;

  if (descriptor < 0)
    return errno;
  written = pwrite (descriptor, bytes, size, offset);
  result = written == (gssize) size ? 0 : written < 0 ? errno : -1;
  close (descriptor);
  return result;
}

/**
 * pf_fake_mount_write:
 *
 * Opens, writes @text at once, closes.
 *
 * Returns: 0, an errno, or -1 when not all of it was taken
 */
int
pf_fake_mount_write (PfFakeMount *mount, const char *path, const char *text)
{
  g_autofree char *full = pf_fake_mount_get_path (mount, path);

  return write_once (full, text, strlen (text), 0);
}

/**
 * pf_fake_mount_tell:
 *
 * Writes a command to the control file.
 *
 * Returns: 0 or an errno
 */
int
pf_fake_mount_tell (PfFakeMount *mount, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return pf_fake_mount_write (mount, "control", command);
}

static char *
get_config_path (PfFakeMount *mount, const char *address)
{
  return g_strdup_printf ("%s/sys/bus/pci/devices/%s/config", mount->path, address);
}

/**
 * pf_fake_mount_read_register:
 *
 * Returns: 32 bits of config space
 */
guint32
pf_fake_mount_read_register (PfFakeMount *mount, const char *address, guint offset)
{
  g_autofree char *path = get_config_path (mount, address);
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  guint32 value = 0;

  g_assert_cmpint (pread (descriptor, &value, sizeof value, offset), ==, sizeof value);
  close (descriptor);
  return GUINT32_FROM_LE (value);
}

/**
 * pf_fake_mount_write_register:
 *
 * Returns: 0, an errno, or -1 when not all of it was taken
 */
int
pf_fake_mount_write_register (PfFakeMount *mount, const char *address, guint offset, guint32 value)
{
  g_autofree char *path = get_config_path (mount, address);

  value = GUINT32_TO_LE (value);
  return write_once (path, (const char *) &value, sizeof value, offset);
}

/**
 * pf_fake_mount_get_driver:
 *
 * Returns: (transfer full) (nullable): the driver a function is bound to
 */
char *
pf_fake_mount_get_driver (PfFakeMount *mount, const char *address)
{
  g_autofree char *path = g_strdup_printf ("sys/bus/pci/devices/%s/driver", address);
  g_autofree char *target = pf_fake_mount_read_link (mount, path);

  return target != NULL ? g_path_get_basename (target) : NULL;
}

/**
 * pf_fake_mount_wait_for:
 *
 * Waits until something has come, or gone.
 *
 * Returns: FALSE when it has not within a few seconds
 */
gboolean
pf_fake_mount_wait_for (PfFakeMount *mount, const char *path, gboolean present)
{
  for (guint waited = 0; waited < PATIENCE_MS; waited += STEP_MS)
    {
      if (pf_fake_mount_has (mount, path) == present)
        return TRUE;
      wait_a_little (STEP_MS);
    }
  return FALSE;
}

/**
 * pf_fake_mount_write_in_child:
 * @uid: who writes
 *
 * Lets another process write; its exit status is what pf_fake_mount_write() returns.
 *
 * Returns: the process
 */
pid_t
pf_fake_mount_write_in_child (PfFakeMount *mount, uid_t uid, const char *path, const char *text)
{
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child > 0)
    return child;
  if (uid != 0 && (setgid (uid) != 0 || setuid (uid) != 0))
    _exit (255);
  _exit (pf_fake_mount_write (mount, path, text) & 0xff);
}

/**
 * pf_fake_mount_has_ended:
 * @milliseconds: how long to wait for it
 * @status: (out): as from waitpid()
 *
 * Returns: whether @child has ended
 */
gboolean
pf_fake_mount_has_ended (pid_t child, guint milliseconds, int *status)
{
  for (guint waited = 0;; waited += STEP_MS)
    {
      if (waitpid (child, status, WNOHANG) == child)
        return TRUE;
      if (waited >= milliseconds)
        return FALSE;
      wait_a_little (STEP_MS);
    }
}
