/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "pf-fake-mount.h"

#define DEVICES "sys/bus/pci/devices/"
#define SCAN_LIMIT_SECONDS 1.0

static PfFakeMount *
start (const char *name)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), name, NULL);

  return pf_fake_mount_start (board);
}

static GPtrArray *
list_folder (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  return names;
}

/* Every function has what a scan reads, and every link in the tree leads somewhere. */
static void
check_functions (PfFakeMount *mount)
{
  static const char *const files[] = { "vendor",        "device",
                                       "class",         "config",
                                       "uevent",        "driver_override",
                                       "resource",      "subsystem_vendor",
                                       "power/control", "subsystem/drivers_probe" };
  g_autofree char *path = pf_fake_mount_get_path (mount, DEVICES);
  g_autoptr (GPtrArray) functions = list_folder (path);

  g_assert_cmpuint (functions->len, >, 0);
  for (guint i = 0; i < functions->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (files); j++)
      {
        g_autofree char *file = g_build_filename (path, functions->pdata[i], files[j], NULL);

        if (access (file, F_OK) != 0)
          g_error ("%s is missing", file);
      }
}

static void
test_shipped (gconstpointer name)
{
  g_autoptr (PfFakeMount) mount = start (name);

  check_functions (mount);
}

/* The example of the README, word for word. */
static void
test_readme (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_BOARDS"), "README.md", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (PfFakeMount) mount = NULL;
  g_autofree char *maxchild = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  parts = g_strsplit (text, "```", -1);
  for (guint i = 0; parts[i] != NULL && mount == NULL; i++)
    if (g_str_has_prefix (parts[i], "ini\n"))
      mount = pf_fake_mount_start_text (parts[i] + strlen ("ini\n"));
  g_assert_nonnull (mount);
  check_functions (mount);
  g_assert_true (pf_fake_mount_has (mount, "sys/bus/usb/devices/3-5:1.0/driver"));
  maxchild = pf_fake_mount_read (mount, "sys/bus/usb/devices/usb3/maxchild");
  g_assert_cmpstr (maxchild, ==, "15");
}

/* Without --foreground it returns as soon as the mount is there. */
static void
test_background (void)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), "z77.board", NULL);
  g_autofree char *path = g_dir_make_tmp (NULL, NULL);
  g_autofree char *control = g_build_filename (path, "control", NULL);
  const char *command[] = { g_getenv ("PF_FAKE_KERNEL"), "--board", board, path, NULL };
  int status = -1;

  g_assert_true (
      g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (access (control, W_OK), ==, 0);
  g_assert_cmpint (umount (path), ==, 0);
  g_assert_cmpint (rmdir (path), ==, 0);
}

static void
test_iommu_absent (void)
{
  g_autoptr (PfFakeMount) mount = pf_fake_mount_start_text (
      "[board]\niommu=absent\n[function 0000:01:00.0]\nid=1912:0014\nclass=0c0330\n");
  g_autoptr (PfFakeMount) off = start ("no-iommu.board");

  g_assert_false (pf_fake_mount_has (mount, "sys/kernel/iommu_groups"));
  g_assert_true (pf_fake_mount_has (off, "sys/kernel/iommu_groups"));
  g_assert_false (pf_fake_mount_has (off, "sys/kernel/iommu_groups/0"));
}

/* The IOMMU of Hygon's processors is AMD's; whoever is not known has Intel's. */
static void
test_cpu (void)
{
  static const struct
  {
    const char *cpu;
    const char *line;
    gboolean is_amd;
  } cases[] = {
    { "intel", "vendor_id\t: GenuineIntel\n", FALSE },
    { "amd", "vendor_id\t: AuthenticAMD\n", TRUE },
    { "hygon", "vendor_id\t: HygonGenuine\n", TRUE },
    { "HygonGenuine", "vendor_id\t: HygonGenuine\n", TRUE },
    { "zhaoxin", "vendor_id\t:   Shanghai  \n", FALSE },
    { "other", "vendor_id\t: CentaurHauls\n", FALSE },
    { "CentaurHauls", "vendor_id\t: CentaurHauls\n", FALSE },
    { "GenuineTMx86", "vendor_id\t: GenuineTMx86\n", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("[board]\ncpu=%s\n", cases[i].cpu);
      g_autoptr (PfFakeMount) mount = pf_fake_mount_start_text (text);
      g_autofree char *cpuinfo = pf_fake_mount_read (mount, "proc/cpuinfo");

      g_assert_nonnull (strstr (cpuinfo, cases[i].line));
      g_assert_cmpint (pf_fake_mount_has (mount, "sys/class/iommu/ivhd0"), ==, cases[i].is_amd);
      g_assert_cmpint (pf_fake_mount_has (mount, "sys/class/iommu/dmar0"), !=, cases[i].is_amd);
      g_assert_cmpint (pf_fake_mount_has (mount, "sys/firmware/acpi/tables/IVRS"), ==, cases[i].is_amd);
      g_assert_cmpint (pf_fake_mount_has (mount, "sys/firmware/acpi/tables/DMAR"), !=, cases[i].is_amd);
    }
}

/* By the ID where the kernel goes by it, else by the class. */
static void
test_native_drivers (void)
{
  static const struct
  {
    const char *id;
    const char *class_text;
    const char *driver; /* "" for none */
  } cases[] = {
    { "8086:1539", "020000", "igb" },
    { "8086:15f3", "020000", "igc" },
    { "8086:10fb", "020000", "ixgbe" },
    { "8086:15b8", "020000", "e1000e" },
    { "10ec:8127", "020000", "r8169" },
    { "1d6a:94c0", "020000", "atlantic" },
    { "1969:1091", "020000", "alx" },
    { "14c3:0616", "028000", "mt7921e" },
    { "8086:24fd", "028000", "iwlwifi" },
    { "17cb:1103", "028000", "ath11k_pci" },
    { "168c:0032", "028000", "ath9k" },
    { "8086:e212", "030000", "xe" },
    { "8086:56a6", "030000", "i915" },
    { "1002:7480", "030000", "amdgpu" },
    { "1002:6778", "030000", "radeon" },
    { "10de:1e04", "030000", "nouveau" },
    { "1a03:2000", "030000", "ast" },
    { "10de:1ad7", "0c8000", "nvidia-gpu" },
    { "8086:a0c8", "040100", "sof-audio-pci-intel-tgl" },
    { "8086:43c8", "040300", "snd_hda_intel" },
    { "8086:9a0b", "010400", "vmd" },
    { "8086:2822", "010400", "ahci" },
    { "8086:9a1b", "0c0340", "thunderbolt" },
    { "8086:15d2", "088000", "thunderbolt" },
    { "1022:1649", "108000", "ccp" },
    { "8086:a0a3", "0c0500", "i801_smbus" },
    { "1217:8621", "080501", "sdhci-pci" },
    { "10ec:525a", "ff0000", "rtsx_pci" },
    { "8086:7ae8", "078000", "mei_me" },
    { "144d:a80a", "010802", "nvme" },
    { "1022:163a", "0c03fe", "dwc3-pci" },
    { "1022:145a", "130000", "" },
  };
  g_autoptr (GString) text = g_string_new ("[board]\n");
  g_autoptr (PfFakeMount) mount = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_string_append_printf (text, "[function 0000:%02x:00.0]\nid=%s\nclass=%s\n", i + 1, cases[i].id,
                            cases[i].class_text);
  mount = pf_fake_mount_start_text (text->str);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *address = g_strdup_printf ("0000:%02x:00.0", i + 1);
      g_autofree char *driver = pf_fake_mount_get_driver (mount, address);

      if (!g_str_equal (driver != NULL ? driver : "", cases[i].driver))
        g_error ("%s has the driver “%s”, not “%s”", cases[i].id, driver, cases[i].driver);
    }
}

static void
test_large_domain (void)
{
  g_autoptr (PfFakeMount) mount = start ("vmd.board");
  g_autofree char *link = pf_fake_mount_read_link (mount, DEVICES "10000:e1:00.0");

  g_assert_cmpstr (link, ==,
                   "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0");
}

static void
test_odd (void)
{
  g_autoptr (PfFakeMount) mount = start ("odd.board");
  g_autofree char *lent = pf_fake_mount_get_driver (mount, "0000:00:14.0");
  g_autofree char *stub = pf_fake_mount_get_driver (mount, "0000:00:15.0");
  g_autofree char *waiting = pf_fake_mount_get_driver (mount, "0000:00:16.0");
  g_autofree char *override = pf_fake_mount_read (mount, DEVICES "0000:00:16.0/driver_override");
  g_autofree char *unset = pf_fake_mount_read (mount, DEVICES "0000:00:17.0/driver_override");

  g_assert_cmpstr (lent, ==, "vfio-pci");
  g_assert_true (pf_fake_mount_has (mount, "dev/vfio/3"));
  g_assert_cmpstr (stub, ==, "pci-stub");
  g_assert_cmpstr (waiting, ==, "xhci_hcd");
  g_assert_cmpstr (override, ==, "vfio-pci");
  g_assert_cmpstr (unset, ==, "");
  g_assert_true (pf_fake_mount_has (mount, "sys/kernel/iommu_groups/7/devices/AMDI0010:00/uevent"));
  g_assert_false (pf_fake_mount_has (mount, DEVICES "0000:00:1b.0/iommu_group"));
  g_assert_cmphex (pf_fake_mount_read_register (mount, "0000:00:1a.0", 0), ==, 0xffffffff);
}

static double
scan (PfFakeMount *mount)
{
  g_autoptr (GTimer) timer = g_timer_new ();
  g_autofree char *path = pf_fake_mount_get_path (mount, DEVICES);
  g_autoptr (GPtrArray) functions = list_folder (path);
  guint controllers = 0;

  g_assert_cmpuint (functions->len, ==, 1000);
  for (guint i = 0; i < functions->len; i++)
    {
      g_autofree char *file = g_build_filename (path, functions->pdata[i], "class", NULL);
      char text[16] = "";
      int descriptor = open (file, O_RDONLY | O_CLOEXEC);

      g_assert_cmpint (read (descriptor, text, sizeof text - 1), ==, strlen ("0x0c0330\n"));
      close (descriptor);
      controllers += g_str_has_prefix (text, "0x0c03");
    }
  g_assert_cmpuint (controllers, ==, 43);
  return g_timer_elapsed (timer, NULL);
}

static void
test_thousand (void)
{
  g_autoptr (PfFakeMount) mount = start ("thousand.board");
  double first = scan (mount), second = scan (mount);

  g_test_message ("1,000 functions: %.0f ms, again %.0f ms", first * 1000, second * 1000);
  g_assert_cmpfloat (MIN (first, second), <, SCAN_LIMIT_SECONDS);
}

static void
assert_refused (const char *text, const char *expected)
{
  g_autofree char *message = pf_fake_mount_refuse_text (text);

  if (strstr (message, expected) == NULL)
    g_error ("expected \"%s\" in: %s", expected, message);
}

static void
test_mistakes (void)
{
#define F "[function 0000:01:00.0]\nid=1912:0014\nclass=0c0330\n"
  assert_refused ("[motherboard]\n", "[motherboard] motherboard: there is no such kind of group");
  assert_refused ("[board]\ncolour=red\n", "[board] colour: there is no such key");
  assert_refused ("[board]\niommu=maybe\n", "[board] iommu=maybe: expected on|off|absent");
  assert_refused ("[board]\ncpu=itnel\n", "[board] cpu: expected intel|amd|hygon|zhaoxin|other");
  assert_refused ("[board]\nlockdown=yes\n", "[board] lockdown=yes: expected true or false");
  assert_refused ("[function 1:2:3]\nid=1:2\nclass=0c0330\n", "[function 1:2:3] 1:2:3: not the address");
  assert_refused ("[function 0000:01:20.0]\nid=1:2\nclass=0c0330\n", "0000:01:20.0: not the address");
  assert_refused ("[function 0000:01:00.0]\nid=1912:0014\n",
                  "[function 0000:01:00.0] class: this key is missing");
  assert_refused ("[function 0000:01:00.0]\nid=1912\nclass=0c0330\n", "id=1912: expected two IDs");
  assert_refused (F "group=first\n", "group=first: expected a number");
  assert_refused (F "config-size=512\n", "[function 0000:01:00.0] config-size: must be 256 or 4096");
  assert_refused (F "config=zz=1\n", "[function 0000:01:00.0] config: expected OFFSET=VALUE");
  assert_refused (F "repeat=8192\n", "repeat: not so many functions");
  assert_refused (F "repeat=2\n[function 0000:01:01.0]\nid=1:2\nclass=0c0330\n",
                  "this function is there twice");
  assert_refused (F "header=1\ndriver=vfio-pci\n", "driver: vfio-pci does not take this function");
  assert_refused (F "[socket s]\nplace=here\n", "[socket s] port: a socket needs a port or an ss");
  assert_refused (F "[socket s]\nport=ehci1/3\n", "[socket s] port: no such controller");
  assert_refused (F "[socket s]\nport=0000:01:00.0/5\n", "[socket s] port: 0000:01:00.0 has 4 ports");
  assert_refused (F "[socket s]\nport=somewhere\n", "[socket s] port: expected CONTROLLER/PORT");
  assert_refused ("[device d]\nsocket=s\nid=1:2\n", "[device d] socket: s: no such socket");
  assert_refused (
      F "[socket s]\nport=0000:01:00.0/1\n[device d]\nsocket=s\nid=1:2\n[device e]\nsocket=s\nid=1:2\n",
      "[device e] socket: s: something is plugged in there");
  assert_refused ("[device d]\nsocket=s\nid=1:2\nkind=toaster\n", "kind=toaster: expected keyboard|");
  assert_refused ("[net eth0]\non=0000:09:00.0\n", "[net eth0] on: no such function");
#undef F
}

/* Boards come from strangers: what is too large or there twice is refused, and the line is named. */
static void
test_limits (void)
{
#define F "[function 0000:01:00.0]\nid=1912:0014\nclass=0c0330\n"
#define S F "[socket s]\nport=0000:01:00.0/1\n"
  g_autoptr (GString) hubs = g_string_new (S);
  g_autofree char *long_line = g_strnfill (10000, 'x');
  g_autofree char *long_board = g_strconcat (F "driver=", long_line, "\n", NULL);

  assert_refused (F "usb3-ports=1048576\n",
                  ":4: [function 0000:01:00.0] usb3-ports=1048576: expected a number from 0 to 127");
  assert_refused (F "usb2-ports=255\n", ":4: [function 0000:01:00.0] usb2-ports=255: expected");
  assert_refused (F "hub-ports=32\n", "hub-ports=32: expected a number from 0 to 31");
  assert_refused (F "repeat=4097\n",
                  ":4: [function 0000:01:00.0] repeat: this board has more than 4096 functions");
  assert_refused (F "repeat=256\n", ":3: [function 0000:01:00.0] class: this board has more USB buses");
  assert_refused (F "config=fffffffc=1\n", "config: expected OFFSET=VALUE");
  assert_refused (F "driver=a/b\n", "driver=a/b: expected what a file can be called");
  assert_refused (F "driver=..\n", "driver=..: expected what a file can be called");
  assert_refused ("[function 0000:1:0.0]\nid=1:2\nclass=0c0330\n",
                  ":1: [function 0000:1:0.0] 0000:1:0.0: not the address");
  assert_refused (F "id=1912:0015\n", ":4: [function 0000:01:00.0] id: this key is there twice");
  assert_refused (S "[socket s]\nport=0000:01:00.0/2\n", ":6: [socket s] is there twice");
  assert_refused (
      S "[socket t]\nport=0000:01:00.0/1\n[device d]\nsocket=s\nid=1:2\n[device e]\nsocket=t\nid=1:2\n",
      ":12: [device e] socket: it leads to a port where something else is plugged in");
  assert_refused (S "[device d]\nsocket=s\nid=1:2\ninterfaces=\n", "interfaces: there are 1 to 32 of them");
  assert_refused ("[disk none]\non=none\n", ":2: [disk none] on: this disk is there already, or on itself");
  assert_refused ("[disk a/b]\non=none\n", "[disk a/b] a/b: no file can be called so");
  assert_refused (F "[drm card0]\non=platform/evdi.0\nconnected=DP-1;DP-1\n",
                  "two groups of this board make the same file");
  assert_refused ("[board]\nname=\033[2J\n", ":2: there is a control character in it");
  assert_refused ("[board]\nname=\377\n", ":2: this is not UTF-8");
  assert_refused (long_board, ":4: it is longer than 8192 bytes");
  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *socket = i == 0 ? g_strdup ("s") : g_strdup_printf ("h%u/1", i - 1);

      g_string_append_printf (hubs, "[device h%u]\nsocket=%s\nid=5e3:608\nkind=hub\n", i, socket);
    }
  assert_refused (hubs->str, "[device h6] socket: h5/1: this is behind more hubs than USB allows");
#undef S
#undef F
}

/* What belongs together and was taken for the same thing twice. */
static void
test_shared (void)
{
  g_autoptr (PfFakeMount) mount
      = pf_fake_mount_start_text ("[function 0000:01:00.0]\nid=144d:a808\nclass=010802\n"
                                  "[disk nvme0n1]\non=0000:01:00.0\n[disk nvme0n2]\non=0000:01:00.0\n"
                                  "[drm card0]\non=platform/evdi.0\n[drm card1]\non=platform/evdi.0\n");

  g_assert_true (pf_fake_mount_has (mount, "sys/class/drm/card1"));
  g_assert_true (pf_fake_mount_has (mount, "sys/block/nvme0n2/size"));
  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/drivers/nvme/unbind", "0000:01:00.0"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, "sys/block/nvme0n1"));
  g_assert_false (pf_fake_mount_has (mount, "sys/block/nvme0n2"));
  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/drivers/nvme/bind", "0000:01:00.0"), ==, 0);
  g_assert_true (pf_fake_mount_has (mount, "sys/block/nvme0n2/size"));
}

int
main (int argc, char **argv)
{
  g_autofree char *boards = g_strdup (g_getenv ("PF_BOARDS"));
  g_autoptr (GPtrArray) names = list_folder (boards);

  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < names->len; i++)
    if (g_str_has_suffix (names->pdata[i], ".board"))
      {
        g_autofree char *path = g_strdup_printf ("/boards/shipped/%s", (char *) names->pdata[i]);

        g_test_add_data_func (path, names->pdata[i], test_shipped);
      }
  g_test_add_func ("/boards/readme", test_readme);
  g_test_add_func ("/boards/background", test_background);
  g_test_add_func ("/boards/iommu-absent", test_iommu_absent);
  g_test_add_func ("/boards/cpu", test_cpu);
  g_test_add_func ("/boards/native-drivers", test_native_drivers);
  g_test_add_func ("/boards/large-domain", test_large_domain);
  g_test_add_func ("/boards/odd", test_odd);
  g_test_add_func ("/boards/thousand", test_thousand);
  g_test_add_func ("/boards/mistakes", test_mistakes);
  g_test_add_func ("/boards/limits", test_limits);
  g_test_add_func ("/boards/shared", test_shared);
  return g_test_run ();
}
