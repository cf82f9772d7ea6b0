/* SPDX-License-Identifier: GPL-3.0-or-later */

/* kernel-conformance ROOT ADDRESS [WRONG-DRIVER]
 *
 * Checks what Portferry takes for granted about the kernel, on the machine at ROOT: "/" for the running
 * kernel, or a mounted fake kernel. ADDRESS is a USB controller that is alone in its IOMMU group, has its
 * driver, and that nobody needs: it is lent and returned. Prints TAP. Puts everything back. */

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#define NOBODY 65534
#define PUBLIC_CONFIG_SIZE 64

/* How long something has to hang before it counts as hanging, and to end before it counts as never ending. */
#define HANGS_MS 500
#define ENDS_MS 10000

static const char *root;
static const char *address;
static char *native;
static char *group;
static int count = 0;
static gboolean failed = FALSE;

static void report (gboolean holds, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
report (gboolean holds, const char *format, ...)
{
  va_list arguments;

  printf ("%s %d - ", holds ? "ok" : "not ok", ++count);
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  printf ("\n");
  fflush (stdout);
  failed = failed || !holds;
}

static char *in_root (const char *format, ...) G_GNUC_PRINTF (1, 2);

static char *
in_root (const char *format, ...)
{
  g_autofree char *path = NULL;
  va_list arguments;

  va_start (arguments, format);
  path = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return g_build_filename (root, path, NULL);
}

static char *
device_file (const char *name)
{
  return in_root ("sys/bus/pci/devices/%s/%s", address, name);
}

static char *
driver_file (const char *driver, const char *name)
{
  return in_root ("sys/bus/pci/drivers/%s/%s", driver, name);
}

/* Opens, writes once, closes. Returns 0 or the errno. */
static int
write_bytes (const char *path, const char *bytes, gsize size)
{
  int descriptor = open (path, O_WRONLY | O_CLOEXEC);
  int result = 0;

  if (descriptor < 0)
    return errno;
  if (write (descriptor, bytes, size) != (gssize) size)
    result = errno;
  close (descriptor);
  return result;
}

static int
write_text (const char *path, const char *text)
{
  return write_bytes (path, text, strlen (text));
}

static int
write_driver (const char *driver, const char *name)
{
  g_autofree char *path = driver_file (driver, name);

  return write_text (path, address);
}

static int
probe (const char *what)
{
  g_autofree char *path = in_root ("sys/bus/pci/drivers_probe");

  return write_text (path, what);
}

static int
set_override (const char *text)
{
  g_autofree char *path = device_file ("driver_override");

  return write_text (path, text);
}

static char *
read_file (const char *name)
{
  g_autofree char *path = device_file (name);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("(cannot be read)");
}

static gboolean
is_override (const char *expected)
{
  g_autofree char *text = read_file ("driver_override");

  return strcmp (text, expected) == 0;
}

static gboolean
is_override_unset (void)
{
  return is_override ("(null)\n") || is_override ("\n");
}

/* The name a link of the function ends in; NULL where there is no such link. */
static char *
read_link_name (const char *name)
{
  g_autofree char *path = device_file (name);
  g_autofree char *target = g_file_read_link (path, NULL);

  return target != NULL ? g_path_get_basename (target) : NULL;
}

static gboolean
has_driver (const char *driver)
{
  g_autofree char *name = read_link_name ("driver");

  return g_strcmp0 (name, driver) == 0;
}

static guint
count_root_hubs (void)
{
  g_autofree char *path = device_file ("");
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint hubs = 0;
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    hubs += g_str_has_prefix (name, "usb") && g_ascii_isdigit (name[3]);
  return hubs;
}

static gboolean
get_node_status (struct stat *status)
{
  g_autofree char *path = in_root ("dev/vfio/%s", group);

  /* The kernel's own devtmpfs makes the node at once; a udev that changes it would come later. */
  return stat (path, status) == 0;
}

static void
check_override (void)
{
  g_autofree char *long_name = g_strnfill (4095, 'x');

  report (is_override_unset (), "an unset override reads (null) or nothing");
  report (set_override ("no-such-driver\n") == 0 && is_override ("no-such-driver\n"),
          "any name can be an override, and reads back");
  report (set_override ("") == 0 && is_override ("no-such-driver\n"), "writing no bytes changes nothing");
  report (set_override (long_name) == EINVAL && is_override ("no-such-driver\n"),
          "an override of a page is refused with EINVAL and changes nothing");
  report (set_override ("\n") == 0 && is_override_unset (), "a newline clears it");
  report (set_override ("other-driver") == 0 && is_override ("other-driver\n"), "a name needs no newline");
  set_override ("\n");
}

static void
check_files (void)
{
  g_autofree char *vendor = device_file ("vendor");
  g_autofree char *unbind = driver_file (native, "unbind");
  g_autofree char *missing = device_file ("no-such-file");
  g_autofree char *uevent = read_file ("uevent");
  g_autofree char *slot = g_strdup_printf ("PCI_SLOT_NAME=%s\n", address);
  g_autofree char *driver = g_strdup_printf ("DRIVER=%s\n", native);

  report (open (vendor, O_WRONLY | O_CLOEXEC) < 0 && errno == EACCES,
          "root cannot open vendor to write: EACCES");
  report (open (unbind, O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES,
          "root cannot open unbind to read: EACCES");
  report (open (missing, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 && (errno == EACCES || errno == EPERM),
          "no file can be made in sysfs");
  report (strstr (uevent, slot) != NULL && g_str_has_prefix (uevent, driver),
          "uevent names the slot and the driver");
}

static gssize
read_config (void)
{
  g_autofree char *path = device_file ("config");
  char buffer[4096];
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  gssize size = descriptor >= 0 ? pread (descriptor, buffer, sizeof buffer, 0) : -1;

  close (descriptor);
  return size;
}

/* Exit status of the child: what an ordinary user gets. */
static int
look_as_nobody (void)
{
  g_autofree char *override = device_file ("driver_override");
  g_autofree char *class = device_file ("class");

  if (setgid (NOBODY) != 0 || setuid (NOBODY) != 0)
    return 1;
  if (read_config () != PUBLIC_CONFIG_SIZE)
    return 2;
  if (write_text (override, "x") != EACCES)
    return 3;
  return access (class, R_OK) == 0 ? 0 : 4;
}

static void
check_permissions (void)
{
  gssize size = read_config ();
  int status = -1;
  pid_t child = fork ();

  if (child == 0)
    _exit (look_as_nobody ());
  waitpid (child, &status, 0);
  status = WIFEXITED (status) ? WEXITSTATUS (status) : -1;
  report (size == 256 || size == 4096, "root reads all of config: %zd bytes", size);
  report (status != 2, "config ends at byte 64 for others");
  report (status == 0, "others read the class, and get EACCES where they would set an override (%d)", status);
}

static void
check_unbind (void)
{
  report (write_driver ("vfio-pci", "unbind") == ENODEV && has_driver (native),
          "another driver cannot unbind the function: ENODEV");
  report (count_root_hubs () > 0, "a controller with its driver has root hubs");
  report (write_driver (native, "unbind") == 0 && has_driver (NULL), "after unbind there is no driver link");
  report (count_root_hubs () == 0, "and no root hub");
  report (write_driver (native, "unbind") == ENODEV, "a second unbind gives ENODEV");
}

static void
check_probe (void)
{
  report (probe ("ffff:ff:1f.7") == ENODEV, "a probe of a function that is not there gives ENODEV");
  set_override ("no-such-driver");
  report (probe (address) == 0 && has_driver (NULL),
          "a probe that no driver answers succeeds, and binds nothing");
  report (write_driver (native, "bind") == ENODEV,
          "with another override, the own driver's bind gives ENODEV");
  set_override ("\n");
  report (write_driver ("vfio-pci", "bind") == ENODEV, "without an override, vfio-pci's bind gives ENODEV");
}

/* Name of the node that the function has for itself; NULL where the kernel makes none. */
static char *
find_cdev (void)
{
  g_autofree char *folder = in_root ("sys/bus/pci/devices/%s/vfio-dev", address);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name = directory != NULL ? g_dir_read_name (directory) : NULL;
  g_autofree char *number = g_strdup_printf ("%s/%s/dev", folder, name);

  return name != NULL && access (number, F_OK) == 0 ? g_strdup (name) : NULL;
}

/* Since Linux 6.6, with CONFIG_VFIO_DEVICE_CDEV. Without it there is no folder for such nodes either. */
static void
check_cdev (const char *name)
{
  g_autofree char *folder = in_root ("dev/vfio/devices"), *node = g_build_filename (folder, name, NULL);
  g_autofree char *group_node = in_root ("dev/vfio/%s", group);
  struct stat status = { 0 };
  int device = open (node, O_RDWR | O_CLOEXEC), first = open (group_node, O_RDWR | O_CLOEXEC);
  gboolean is_roots = stat (node, &status) == 0 && status.st_uid == 0 && (status.st_mode & 0777) == 0600;

  report (name != NULL ? is_roots : access (folder, F_OK) != 0, "the function's own node is root's, or there is none");
  report (first >= 0 && (name == NULL || device >= 0), "who has only opened it keeps nobody from the group");
  close (device);
  close (first);
}

static void
check_vfio (void)
{
  struct stat status = { 0 };
  g_autofree char *node = in_root ("dev/vfio/%s", group);
  g_autofree char *cdev = NULL;
  g_autofree char *cdev_path = NULL;
  int first, second;

  report (!get_node_status (&status), "before a member is on vfio-pci, the group has no node");
  set_override ("vfio-pci");
  report (probe (address) == 0 && has_driver ("vfio-pci"), "a probe follows the override");
  report (get_node_status (&status) && status.st_uid == 0 && (status.st_mode & 0777) == 0600,
          "the node is root's, mode 0600");
  report (probe (address) == 0 && has_driver ("vfio-pci"), "a probe of a bound function changes nothing");
  report (write_driver ("vfio-pci", "bind") == EBUSY, "bind of a bound function gives EBUSY");
  first = open (node, O_RDWR | O_CLOEXEC);
  second = open (node, O_RDWR | O_CLOEXEC);
  report (first >= 0 && second < 0 && errno == EBUSY, "a node can be open once: EBUSY");
  close (first);
  cdev = find_cdev ();
  cdev_path = in_root ("dev/vfio/devices/%s", cdev != NULL ? cdev : "none");
  check_cdev (cdev);
  report (chown (node, NOBODY, NOBODY) == 0 && get_node_status (&status) && status.st_uid == NOBODY,
          "the node can be given away");
  set_override ("\n");
  report (write_driver ("vfio-pci", "unbind") == 0 && has_driver (NULL),
          "vfio-pci lets go of what nobody holds");
  report (!get_node_status (&status), "the node goes with the last member");
  report (access (cdev_path, F_OK) != 0, "and so does that of the function, where there was one");
}

/* Takes the device as a VM does, in this process. Returns 0 or an errno. */
static int
take_device (void)
{
  g_autofree char *node = in_root ("dev/vfio/%s", group);
  g_autofree char *vfio = in_root ("dev/vfio/vfio");
  int container = open (vfio, O_RDWR | O_CLOEXEC);
  int descriptor = open (node, O_RDWR | O_CLOEXEC);

  if (container < 0 || descriptor < 0 || ioctl (descriptor, VFIO_GROUP_SET_CONTAINER, &container) != 0
      || ioctl (container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) != 0
      || ioctl (descriptor, VFIO_GROUP_GET_DEVICE_FD, address) < 0)
    return errno;
  return 0;
}

static gboolean
is_fake (void)
{
  g_autofree char *control = in_root ("control");

  return access (control, F_OK) == 0;
}

/* The fake kernel has to be told; there, the process that holds the group need not do anything. */
static int
tell (const char *verb, pid_t pid)
{
  g_autofree char *control = in_root ("control");
  g_autofree char *command = pid != 0 ? g_strdup_printf ("%s %s %d kernel-conform", verb, group, pid)
                                      : g_strdup_printf ("%s %s", verb, group);

  return write_text (control, command);
}

/* Starts a process that holds the device. Returns 0 or the errno that it met. */
static int
start_holder (pid_t *holder)
{
  int ends[2];
  int result = EIO;

  if (pipe (ends) != 0)
    return errno;
  *holder = fork ();
  if (*holder == 0)
    {
      result = is_fake () ? 0 : take_device ();
      if (write (ends[1], &result, sizeof result) != sizeof result)
        _exit (1);
      pause ();
      _exit (0);
    }
  if (read (ends[0], &result, sizeof result) != sizeof result)
    result = EIO;
  close (ends[0]);
  close (ends[1]);
  return result == 0 && is_fake () ? tell ("hold", *holder) : result;
}

static void
stop_holder (pid_t holder)
{
  if (is_fake ())
    tell ("release", 0);
  kill (holder, SIGKILL);
  waitpid (holder, NULL, 0);
}

/* Whether some descriptor of @holder is the group's node. On the real kernel that is a device, on the fake
 * one a file. */
static gboolean
shows_holder (pid_t holder)
{
  g_autofree char *path = in_root ("proc/%d/fd", holder);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  struct stat node = { 0 }, other;
  gboolean found = FALSE;
  const char *name;

  get_node_status (&node);
  while (folder != NULL && !found && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *descriptor = g_build_filename (path, name, NULL);

      if (stat (descriptor, &other) != 0)
        continue;
      found = S_ISCHR (node.st_mode) ? S_ISCHR (other.st_mode) && other.st_rdev == node.st_rdev
                                     : other.st_dev == node.st_dev && other.st_ino == node.st_ino;
    }
  return found;
}

static gboolean
has_ended (pid_t child, guint milliseconds)
{
  for (guint waited = 0;; waited += 10)
    {
      if (waitpid (child, NULL, WNOHANG) == child)
        return TRUE;
      if (waited >= milliseconds)
        return FALSE;
      poll (NULL, 0, 10);
    }
}

static pid_t
start_unbind (void)
{
  pid_t child = fork ();

  if (child == 0)
    _exit (write_driver ("vfio-pci", "unbind"));
  return child;
}

static pid_t
start_read (const char *name)
{
  pid_t child = fork ();

  if (child == 0)
    {
      g_autofree char *text = read_file (name);

      _exit (*text == '(');
    }
  return child;
}

static void
check_hanging (pid_t holder)
{
  pid_t unbind = start_unbind ();
  gboolean hangs = !has_ended (unbind, HANGS_MS);
  pid_t override = start_read ("driver_override");
  pid_t class = start_read ("class");
  gboolean override_hangs = !has_ended (override, HANGS_MS);

  report (hangs, "unbind hangs while a process holds the device");
  report (override_hangs, "driver_override of that function cannot be read meanwhile");
  report (has_ended (class, HANGS_MS), "its class can");
  kill (unbind, SIGTERM);
  kill (unbind, SIGKILL);
  report (hangs && !has_ended (unbind, HANGS_MS), "no signal ends that");
  stop_holder (holder);
  report (!hangs || has_ended (unbind, ENDS_MS), "it goes on when the holder is gone");
  report (!override_hangs || has_ended (override, ENDS_MS), "so does the read");
  report (has_driver (NULL), "and then the function has no driver");
}

static void
write_to_driver_of (const char *sibling, const char *driver, const char *name, int expected)
{
  g_autofree char *path = driver_file (driver, name);
  int result = write_text (path, sibling);

  report (result == expected, "%s of a sibling from %s gives %s", name, driver,
          expected != 0 ? g_strerror (expected) : "success");
}

static char *
get_driver_of (const char *sibling)
{
  g_autofree char *link = in_root ("sys/bus/pci/devices/%s/driver", sibling);
  g_autofree char *target = g_file_read_link (link, NULL);

  return target != NULL ? g_path_get_basename (target) : g_strdup ("(none)");
}

static void
check_holder (char **siblings)
{
  g_autoptr (GPtrArray) drivers = g_ptr_array_new_with_free_func (g_free);
  pid_t holder = 0;

  set_override ("vfio-pci");
  probe (address);
  set_override ("\n");
  for (guint i = 0; siblings[i] != NULL; i++)
    {
      g_ptr_array_add (drivers, get_driver_of (siblings[i]));
      report (start_holder (&holder) == EPERM, "the group cannot be used while %s has %s: EPERM", siblings[i],
              (char *) drivers->pdata[i]);
      stop_holder (holder);
      write_to_driver_of (siblings[i], drivers->pdata[i], "unbind", 0);
    }
  report (start_holder (&holder) == 0, "the group can be used now");
  report (shows_holder (holder), "proc shows who holds it");
  for (guint i = 0; siblings[i] != NULL; i++)
    write_to_driver_of (siblings[i], drivers->pdata[i], "bind", EBUSY);
  check_hanging (holder);
  for (guint i = 0; siblings[i] != NULL; i++)
    write_to_driver_of (siblings[i], drivers->pdata[i], "bind", 0);
}

static void
check_new_node (void)
{
  struct stat status = { 0 };

  set_override ("vfio-pci");
  probe (address);
  report (get_node_status (&status) && status.st_uid == 0 && (status.st_mode & 0777) == 0600,
          "the next node is root's again, mode 0600");
  set_override ("\n");
  write_driver ("vfio-pci", "unbind");
}

static void
check_return (void)
{
  report (probe (address) == 0 && has_driver (native),
          "without an override, a probe gives the own driver back");
  report (count_root_hubs () > 0, "the root hubs are back");
  report (is_override_unset (), "no override is left");
}

int
main (int argc, char **argv)
{
  if (argc < 3)
    {
      fprintf (stderr, "usage: kernel-conformance ROOT ADDRESS [SIBLING...]\n");
      return 2;
    }
  root = argv[1];
  address = argv[2];
  native = read_link_name ("driver");
  group = read_link_name ("iommu_group");
  if (native == NULL || group == NULL)
    {
      printf ("Bail out! %s has no driver or no IOMMU group\n", address);
      return EXIT_FAILURE;
    }
  check_override ();
  check_files ();
  check_permissions ();
  check_unbind ();
  check_probe ();
  check_vfio ();
  check_new_node ();
  check_holder (argv + 3);
  check_return ();
  printf ("1..%d\n", count);
  g_free (native);
  g_free (group);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
