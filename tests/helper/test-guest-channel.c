/* SPDX-License-Identifier: GPL-3.0-or-later */
/* portferry-guest as a whole: started the way its socket starts it, as its own user, before the real helper
 * and polkitd; with machines that behave, that make noise, and a real QEMU. Board: z97. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define TIMEOUT_MSEC 20000
#define SERVICE_FD 3
#define FLOOD_LINES 100000

typedef struct
{
  char *path;
  GSubprocess *service;
} Fixture;

/* The socket is made here, and handed over as systemd does. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const argv[]
      = { "as-user", "guest", "sh", "-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec portferry-guest", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autoptr (GError) error = NULL;
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  fixture->path = g_strdup ("/run/portferry-guest-test.sock");
  g_strlcpy (address.sun_path, fixture->path, sizeof address.sun_path);
  unlink (fixture->path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 64), ==, 0);
  g_subprocess_launcher_take_fd (launcher, fd, SERVICE_FD);
  fixture->service = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_subprocess_force_exit (fixture->service);
  g_subprocess_wait (fixture->service, NULL, NULL);
  g_object_unref (fixture->service);
  unlink (fixture->path);
  g_free (fixture->path);
  pf_test_go_home ();
}

static int
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static void
say_bytes (int fd, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gssize count = send (fd, bytes, length, MSG_NOSIGNAL);

      g_assert_cmpint (count, >, 0);
      bytes += count;
      length -= (gsize) count;
    }
}

static void
say (int fd, const char *text)
{
  say_bytes (fd, text, strlen (text));
}

/* One answer, without its end; NULL where the other side has hung up. */
static char *
hear (int fd)
{
  g_autoptr (GString) line = g_string_new (NULL);
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  char byte = '\0';

  while (byte != '\n')
    {
      g_assert_cmpint (poll (&poll_fd, 1, TIMEOUT_MSEC), ==, 1);
      if (read (fd, &byte, 1) != 1)
        return NULL;
      g_string_append_c (line, byte);
    }
  g_assert_true (g_str_has_suffix (line->str, "\r\n"));
  g_string_truncate (line, line->len - 2);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
expect (int fd, const char *prefix)
{
  g_autofree char *line = hear (fd);

  if (line == NULL || !g_str_has_prefix (line, prefix))
    g_error ("“%s” was expected, and “%s” came", prefix, line != NULL ? line : "the end");
}

static void
expect_silence (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  g_assert_cmpint (poll (&poll_fd, 1, 300), ==, 0);
}

static void
assert_active (const char *id)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *active = pf_test_get (MANAGER, PF_TEST_MANAGER, "ActiveProfile");

  g_assert_cmpstr (active, ==, path);
}

static void
test_verbs (Fixture *fixture, gconstpointer data)
{
  int fd = connect_to (fixture->path);

  say (fd, "status\nswitch open\r\ntoggle\r");
  expect (fd, "ok profile=home state=idle");
  expect (fd, "ok profile=open state=idle");
  expect (fd, "ok profile=home state=idle");
  say (fd, "switch closed\n");
  expect (fd, "error not-authorized ");
  say (fd, "switch none\nconfirm\n");
  expect (fd, "error no-such-profile ");
  expect (fd, "error no-such-transaction ");
  assert_active ("home");
  say (fd, "switch waits\nconfirm\nhome\n");
  expect (fd, "ok profile=waits state=awaiting-confirmation seconds=30");
  expect (fd, "ok profile=waits state=idle");
  expect (fd, "ok profile=home state=idle");
  close (fd);
}

static void
test_noise (Fixture *fixture, gconstpointer data)
{
  static const char nul[] = "ho\0me\n";
  g_autofree char *garbage = g_strnfill (1024 * 1024, 'x');
  int fd = connect_to (fixture->path);

  say_bytes (fd, nul, sizeof nul - 1);
  expect (fd, "error syntax ");
  say (fd, garbage);
  expect (fd, "error too-long ");
  expect_silence (fd);
  say (fd, "\n\r\n\r\nok profile=home\nsta");
  expect_silence (fd);
  say (fd, "tus\n");
  expect (fd, "ok profile=home state=idle");
  close (fd);
}

/* A line that was not ended when the other side went away was not meant. */
static void
test_cut_off (Fixture *fixture, gconstpointer data)
{
  int fd = connect_to (fixture->path);

  say (fd, "switch open\n");
  expect (fd, "ok profile=open");
  say (fd, "home");
  close (fd);
  fd = connect_to (fixture->path);
  say (fd, "status\n");
  expect (fd, "ok profile=open");
  close (fd);
}

/* Hanging up and calling again does not help. */
static void
test_rate (Fixture *fixture, gconstpointer data)
{
  int fd = connect_to (fixture->path);

  for (guint i = 0; i < 10; i++)
    {
      say (fd, "status\n");
      expect (fd, "ok ");
    }
  say (fd, "home\n");
  expect (fd, "error busy ");
  close (fd);
  fd = connect_to (fixture->path);
  say (fd, "home\n");
  expect (fd, "error busy ");
  close (fd);
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  int fds[5];

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = connect_to (fixture->path);
  expect (fds[4], "error busy ");
  g_assert_null (hear (fds[4]));
  for (guint i = 0; i < 4; i++)
    say (fds[i], "status\n");
  for (guint i = 0; i < 4; i++)
    expect (fds[i], "ok ");
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

/* ---- users with many processes ---- */

/* Half of them for each of two users: more than a user may have, and together all that there is. */
#define N_CROWD 40

static void
become (const char *name)
{
  const struct passwd *user = getpwnam (name);

  if (user == NULL || setgid (user->pw_gid) < 0 || setuid (user->pw_uid) < 0)
    _exit (1);
}

/* Four connections that have begun to say something, and do not go on. */
static pid_t
start_half_open (const char *path, const char *user, int ready)
{
  pid_t pid = fork ();

  if (pid != 0)
    return pid;
  become (user);
  for (guint i = 0; i < 4; i++)
    say (connect_to (path), "sta");
  if (write (ready, "x", 1) != 1)
    _exit (1);
  pause ();
  _exit (0);
}

/* As another process of that user. Returns whether it was answered. */
static gboolean
is_answered_as (const char *name, const char *path)
{
  pid_t pid = fork ();
  int status = -1;

  if (pid == 0)
    {
      int fd;

      become (name);
      fd = connect_to (path);
      say (fd, "status\n");
      expect (fd, "ok ");
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* Two users take all the places that there are: the machine of another one is heard all the same, whether it
 * was there before or comes later, and so is the next one of theirs. */
static void
test_crowd (Fixture *fixture, gconstpointer data)
{
  pid_t crowd[N_CROWD];
  int ready[2];
  int before, later;
  char byte;

  g_assert_cmpint (chmod (fixture->path, 0666), ==, 0);
  g_assert_cmpint (pipe (ready), ==, 0);
  before = connect_to (fixture->path);
  for (guint i = 0; i < N_CROWD; i++)
    crowd[i] = start_half_open (fixture->path, i % 2 == 0 ? "pf-inactive" : "pf-remote", ready[1]);
  for (guint i = 0; i < N_CROWD; i++)
    g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  later = connect_to (fixture->path);
  say (later, "home\n");
  expect (later, "ok profile=home");
  say (before, "status\n");
  expect (before, "ok ");
  g_assert_true (is_answered_as ("pf-inactive", fixture->path));
  for (guint i = 0; i < N_CROWD; i++)
    {
      kill (crowd[i], SIGKILL);
      waitpid (crowd[i], NULL, 0);
    }
  close (before);
  close (later);
  close (ready[0]);
  close (ready[1]);
}

/* Another machine: a process of its own. How many lines it got rid of is in memory that is shared with it. */
typedef struct
{
  pid_t pid;
  int *sent;
} Flood;

static void
send_flood (const char *path, const char *line, gboolean reads, int *sent)
{
  int fd = connect_to (path);
  struct pollfd poll_fd = { .fd = fd, .events = reads ? POLLIN | POLLOUT : POLLOUT };
  gsize length = strlen (line), done = 0;
  char bytes[4096];

  while (poll (&poll_fd, 1, -1) == 1)
    {
      gssize count;

      if (reads && recv (fd, bytes, sizeof bytes, MSG_DONTWAIT) == 0)
        break;
      count = send (fd, line + done, length - done, MSG_NOSIGNAL | MSG_DONTWAIT);
      done += (gsize) MAX (count, 0);
      if (done < length)
        continue;
      done = 0;
      g_atomic_int_inc (sent);
    }
  _exit (0);
}

static void
await_lines (const Flood *flood, int lines)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (g_atomic_int_get (flood->sent) < lines)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
}

static Flood
start_flood (const char *path, const char *line, gboolean reads)
{
  Flood flood
      = { .sent = mmap (NULL, sizeof (int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) };

  g_assert_true (flood.sent != MAP_FAILED);
  flood.pid = fork ();
  if (flood.pid == 0)
    send_flood (path, line, reads, flood.sent);
  g_assert_cmpint (flood.pid, >, 0);
  await_lines (&flood, 100);
  return flood;
}

/* Returns: how many lines it got rid of */
static int
stop_flood (Flood flood)
{
  int sent = g_atomic_int_get (flood.sent);

  kill (flood.pid, SIGKILL);
  g_assert_cmpint (waitpid (flood.pid, NULL, 0), ==, flood.pid);
  munmap (flood.sent, sizeof (int));
  return sent;
}

/* The longest that one of four calls home took, in microseconds; with a flood, they are spread over it. */
static gint64
time_home (int fd, const Flood *flood)
{
  gint64 worst = 0;

  for (int i = 0; i < 4; i++)
    {
      gint64 begin;

      if (flood != NULL)
        await_lines (flood, (i + 1) * (FLOOD_LINES / 4));
      begin = g_get_monotonic_time ();
      say (fd, "home\n");
      expect (fd, "ok profile=home");
      worst = MAX (worst, g_get_monotonic_time () - begin);
    }
  return worst;
}

/* What counts is how much later the answer comes than without the noise: a busy computer is slow anyway. */
static void
check_delay (gint64 quiet, gint64 noisy)
{
  g_test_message ("The slowest answer took %d ms, without the noise %d.", (int) (noisy / 1000),
                  (int) (quiet / 1000));
  g_assert_cmpint (noisy - quiet, <, G_USEC_PER_SEC);
}

/* A hundred thousand times what it may not have, and more as long as this goes on: it does not get it, and
 * nobody waits. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  int fd = connect_to (fixture->path);
  gint64 quiet = time_home (fd, NULL);
  Flood flood = start_flood (fixture->path, "switch closed\n", TRUE);
  gint64 noisy = time_home (fd, &flood);

  check_delay (quiet, noisy);
  say (fd, "switch closed\n");
  expect (fd, "error not-authorized ");
  g_assert_cmpint (stop_flood (flood), >=, FLOOD_LINES);
  assert_active ("home");
  close (fd);
}

/* Its answers pile up, and it is no longer listened to: it does not get rid of its lines. */
static void
test_deaf_flood (Fixture *fixture, gconstpointer data)
{
  int fd = connect_to (fixture->path);
  gint64 quiet = time_home (fd, NULL);
  Flood flood = start_flood (fixture->path, "switch closed\n", FALSE);

  check_delay (quiet, time_home (fd, NULL));
  g_assert_cmpint (stop_flood (flood), <, FLOOD_LINES);
  assert_active ("home");
  close (fd);
}

/* --- A real QEMU --- */

/* Boots from the disk, writes the text behind it to the first serial port, and halts. */
static const guint8 boot_code[] = {
  0x31, 0xc0,       /* xor  ax, ax */
  0x8e, 0xd8,       /* mov  ds, ax */
  0xbe, 0x20, 0x7c, /* mov  si, 0x7c20: the text */
  0xac,             /* next: lodsb */
  0x84, 0xc0,       /* test al, al */
  0x74, 0x11,       /* jz   done */
  0x88, 0xc4,       /* mov  ah, al */
  0xba, 0xfd, 0x03, /* mov  dx, 0x3fd: line status */
  0xec,             /* wait: in al, dx */
  0xa8, 0x20,       /* test al, 0x20: whether it may send */
  0x74, 0xfb,       /* jz   wait */
  0x88, 0xe0,       /* mov  al, ah */
  0xb2, 0xf8,       /* mov  dl, 0xf8: data */
  0xee,             /* out  dx, al */
  0xeb, 0xea,       /* jmp  next */
  0xf4,             /* done: hlt */
  0xeb, 0xfd,       /* jmp  done */
};

static char *
write_disk (const char *text)
{
  g_autofree char *sector = g_malloc0 (512);
  g_autoptr (GError) error = NULL;
  char *path = g_strdup ("/run/portferry-guest-test.disk");

  memcpy (sector, boot_code, sizeof boot_code);
  memcpy (sector + sizeof boot_code, text, strlen (text));
  memcpy (sector + 510, "\125\252", 2);
  g_file_set_contents (path, sector, 512, &error);
  g_assert_no_error (error);
  return path;
}

static GSubprocess *
start_qemu (const char *socket_path, const char *disk)
{
  g_autofree char *drive = g_strdup_printf ("file=%s,format=raw", disk);
  g_autofree char *chardev = g_strdup_printf ("socket,id=pf,path=%s,reconnect=1", socket_path);
  g_autoptr (GError) error = NULL;
  GSubprocess *qemu = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "qemu-system-x86_64", "-name",
                                        "guest=Test VM,debug-threads=on", "-M", "pc", "-accel", "tcg", "-m",
                                        "16", "-nodefaults", "-no-user-config", "-display", "none", "-drive",
                                        drive, "-chardev", chardev, "-device", "isa-serial,chardev=pf", NULL);

  g_assert_no_error (error);
  return qemu;
}

/* From the virtual hardware to the origin that is announced: the name is QEMU's own. */
static void
test_qemu (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfTestWatch) watch = pf_test_watch_new ();
  g_autofree char *disk = write_disk ("\r\nswitch open\r\n");
  g_autoptr (GSubprocess) qemu = start_qemu (fixture->path, disk);

  g_assert_cmpint (pf_test_watch_wait (watch, "('" PF_BUS_PROFILES_PATH "/open', 'guest:Test VM', [{", 60000),
                   >, 0);
  assert_active ("open");
  g_subprocess_force_exit (qemu);
  g_subprocess_wait (qemu, NULL, NULL);
  unlink (disk);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  pf_test_init (&argc, &argv);
  /* A second one, so that the first may go. */
  pf_desk_kernel_control ("plug front-2 id=046d:c077 kind=mouse", &error);
  g_assert_no_error (error);
  pf_test_add_profile (
      "open", "{'controllers': <['00:1d.0']>, 'vfio-user': <'pf-active'>, 'guest-may-switch': <true>}");
  pf_test_add_profile ("waits",
                       "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/2']>, 'vfio-user': <'pf-active'>,"
                       " 'confirm': <'always'>, 'confirm-seconds': <uint32 30>, 'guest-may-switch': <true>}");
  pf_test_add_profile ("closed", "{'controllers': <['00:1d.0']>, 'vfio-user': <'pf-active'>}");
#define ADD(name, function) g_test_add ("/guest-channel/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("verbs", test_verbs);
  ADD ("noise", test_noise);
  ADD ("cut-off", test_cut_off);
  ADD ("rate", test_rate);
  ADD ("many", test_many);
  ADD ("crowd", test_crowd);
  ADD ("flood", test_flood);
  ADD ("deaf-flood", test_deaf_flood);
  ADD ("qemu", test_qemu);
  return g_test_run ();
}
