/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What speaks against a switch, over the bus: listed by Preview, refused by Apply with nothing written, and
 * only what is soft can be overridden, by its name. Boards: lived-in, and with the argument "in-use" that
 * one. */
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-test-helper.h"

#define EHCI1 "'00:1d.0'"
#define EHCI2 "'00:1a.0'"
#define EHCI2_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0"

typedef struct
{
  const char *id;
  const char *controllers; /* in GVariant text */
  const char *ports;
  const char *command; /* (nullable): for the fake kernel, before */
  const char *code;
  const char *words[3]; /* that the message has */
} Case;

static const Case hard[] = {
  { "root", EHCI1, "'ehci1/1'", NULL, "root-disk", { "sda1", "Disk for root" } },
  { "boot", EHCI2, "'ehci2/6'", NULL, "boot-disk", { "sdb1", "Disk for boot", "/boot/efi" } },
  { "home-disk", EHCI1, "'ehci1/3'", NULL, "home-disk", { "sdc1", "/home" } },
  { "var", EHCI1, "'ehci1/4'", NULL, "system-disk", { "sdd1", "/var/lib" } },
  { "swap", EHCI1, "'ehci1/5'", NULL, "swap", { "sde1", "Disk for swap" } },
  { "luks", EHCI1, "'ehci1/6'", NULL, "volume-member", { "sdf1", "luks-data", "/media/ada/secret" } },
  { "pool", "'02:00.0'", "", NULL, "volume-member", { "sdh1", "Mirror Half", "btrfs on 2 disks" } },
  { "member", "'02:00.0'", "", NULL, "system-disk", { "sdg1", "0000:02:00.1", "/data" } },
  { "screen", "'01:00.2'", "", NULL, "display", { "0000:01:00.0", "HDMI-A-1" } },
  { "offline", "'03:00.0', " EHCI2, "'ehci2/5'", NULL, "default-route", { "enp3s0", "no other" } },
};

static const Case soft[] = {
  { "stick", EHCI1, "'ehci1/7'", NULL, "mounted", { "Cruzer Blade", "/media/ada/My Stick" } },
  { "fast", EHCI1, "'ehci1/2'", NULL, "super-speed-half-stays", { "Portable SSD T5", "ehci1/2" } },
  { "headset",
    EHCI2,
    "'ehci2/3'",
    "play card1 77 pipewire",
    "audio-in-use",
    { "USB Headset", "pipewire (77)" } },
  { "printer", EHCI1, "'ehci1/8'", "open printer 78 usb", "print-session", { "Laser Printer", "usb (78)" } },
  { "reader",
    EHCI2,
    "'ehci2/4'",
    "open reader 79 fprintd",
    "fingerprint-session",
    { "Fingerprint", "fprintd (79)" } },
  { "card", "'04:00.0'", "", NULL, "no-reset", { "0000:04:00.0", "reset" } },
  { "risky", "'00:10.0'", "", NULL, "risky-reset", { "0000:00:10.0", "reset the whole machine" } },
  { "tunnels", "'00:11.0'", "", NULL, "usb4-tunnels", { "0000:00:11.0", "docks", "no USB port" } },
  { "wired", "'03:00.0'", "", NULL, "default-route", { "enp3s0", "Another one stays" } },
  { "mobile", EHCI2, "'ehci2/5'", NULL, "default-route", { "Mobile Modem", "wwan0" } },
  { "keyboard", EHCI2, "'ehci2/1'", NULL, "last-keyboard", { "USB Keyboard" } },
  { "mouse", EHCI2, "'ehci2/2'", NULL, "last-pointer", { "USB Mouse" } },
};

/* Of the board in-use. The first case of a controller is without a process that was started here. */
static const Case hard_in_use[] = {
  { "calculates",
    "'01:00.2'",
    "",
    "open /dev/nvidia0 90 python3 write",
    "display",
    { "0000:01:00.0", "python3 (90)", "nvidia0" } },
  { "bcachefs", "'00:13.0'", "", NULL, "volume-member", { "sdb1", "bcachefs on 2 disks", "/media/pool" } },
  { "dock", "'00:14.0'", "", NULL, "display", { "Universal Dock", "DVI-I-1" } },
  { "zfs", "'00:15.0'", "", NULL, "volume-member", { "sdd1", "the ZFS pool tank" } },
  { "loop", "'00:16.0'", "", NULL, "volume-member", { "sde1", "loop5", "/mnt/image" } },
  { "dd", "'00:12.0'", "", "open /dev/sdn 91 dd write", "in-use", { "dd (91)", "sdn", "Cruzer Blade" } },
};

static const Case soft_in_use[] = {
  { "ups", "'00:10.0'", "", NULL, "in-use", { "usbhid-ups (70)", "Back-UPS ES 700", "power cut" } },
  { "terminal",
    "'00:11.0'",
    "",
    "open /dev/hidraw7 71 minicom read",
    "in-use",
    { "minicom (71)", "Serial Adapter", "ttyUSB0, hidraw7" } },
  { "machine",
    "'00:12.0'",
    "",
    "open stick 92 qemu-system-x86 write win11",
    "in-use",
    { "qemu-system-x86 “win11” (92)", "Cruzer Blade", "bus/usb/" } },
};

/* More than one code has to be overridden there. */
static const Case along[] = {
  { "graphics", "'01:00.2'", "", NULL, "graphics-goes-along", { "0000:01:00.0", "nvidia" } },
  { "card-sound", "'01:00.2'", "", NULL, "goes-along", { "0000:01:00.1", "sound card" } },
  { "disks",
    "'02:00.0'",
    "",
    NULL,
    "goes-along",
    { "disk controller", "sda (Samsung SSD 860, 500 GB, not mounted)" } },
  { "network",
    "'02:00.0'",
    "",
    NULL,
    "goes-along",
    { "network card", "enp2s0 (up); enp2s1 (down)", "0000:02:00.2" } },
  { "thunderbolt", "'02:00.0'", "", NULL, "goes-along", { "Thunderbolt", "0000:02:00.3" } },
  { "sound", "'02:00.0'", "", NULL, "goes-along", { "sound card", "Generic", "0000:02:00.4" } },
};

static void
add_profile (const Case *item)
{
  g_autofree char *settings
      = g_strdup_printf ("{'controllers': <@as [%s]>, 'ports': <@as [%s]>}", item->controllers, item->ports);

  if (item->command != NULL)
    pf_test_control (item->command);
  pf_test_add_profile (item->id, settings);
}

static gboolean
has_words (const char *message, const Case *item)
{
  for (guint i = 0; i < G_N_ELEMENTS (item->words) && item->words[i] != NULL; i++)
    if (strstr (message, item->words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* The row of an objection in what Preview answers, to anybody. */
static void
check_preview (const Case *item, const char *severity)
{
  g_autofree char *path = pf_bus_profile_path (item->id);
  g_autoptr (GVariant) preview = pf_test_manager ("remote", "Preview", "(objectpath '%s',)", path);
  g_autoptr (GVariant) objections = g_variant_get_child_value (preview, 2);
  gboolean found = FALSE;

  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (objections, i);
      const char *code, *its_severity, *message, *what;

      g_assert_true (g_variant_lookup (row, "code", "&s", &code));
      g_assert_true (g_variant_lookup (row, "severity", "&s", &its_severity));
      g_assert_true (g_variant_lookup (row, "message", "&s", &message));
      g_test_message ("%s %s: %s", code, its_severity, message);
      if (!g_str_equal (code, item->code) || !has_words (message, item))
        continue;
      found = TRUE;
      g_assert_cmpstr (its_severity, ==, severity);
      g_assert_true (g_variant_lookup (row, "what", "&s", &what));
      if (g_str_equal (code, "mounted"))
        g_assert_true (g_str_has_prefix (message, what) && g_str_has_prefix (what, "sd"));
    }
  g_assert_true (found);
}

static void
test_hard (gconstpointer data)
{
  const Case *item = data;
  g_autofree char *override = g_strdup_printf ("{'override': <['%s']>}", item->code);

  add_profile (item);
  check_preview (item, "hard");
  pf_test_refuse_apply ("root", item->id, override, PF_ERROR_OBJECTION);
}

static void
test_soft (gconstpointer data)
{
  const Case *item = data;
  g_autofree char *override
      = g_strdup_printf ("{'override': <['%s']>, 'confirm-seconds': <uint32 60>}", item->code);
  g_autofree char *transaction = NULL;

  add_profile (item);
  check_preview (item, "soft");
  pf_test_refuse_apply ("root", item->id, "{'override': <['stuck']>}", PF_ERROR_OBJECTION);
  pf_test_refuse_apply ("root", item->id, "{'override': <['all']>}", PF_ERROR_INVALID_ARGUMENT);
  transaction = pf_test_apply ("root", item->id, override);
  pf_test_go_home ();
}

static void
test_along (gconstpointer data)
{
  const Case *item = data;

  add_profile (item);
  check_preview (item, "soft");
  pf_test_refuse_apply ("root", item->id, "@a{sv} {}", PF_ERROR_OBJECTION);
}

/* Nothing of it is a use once it has been put away. */
static void
test_afterwards (void)
{
  g_autofree char *transaction = NULL;

  pf_test_control ("end 77");
  pf_test_control ("end 78");
  pf_test_control ("end 79");
  pf_test_add_profile ("quiet", "{'controllers': <[" EHCI1 ", " EHCI2 "]>,"
                                " 'ports': <['ehci1/7', 'ehci1/8', 'ehci2/3', 'ehci2/4']>}");
  transaction = pf_test_apply ("active", "quiet", "@a{sv} {}");
  pf_test_go_home ();
}

static pid_t
write_in_child (const char *file, const char *text)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), file, NULL);
  pid_t child = fork ();

  if (child == 0)
    {
      int descriptor = open (path, O_WRONLY | O_CLOEXEC);

      _exit (write (descriptor, text, strlen (text)) == (gssize) strlen (text) ? 0 : 1);
    }
  g_assert_cmpint (child, >, 0);
  return child;
}

/* Somebody unbinds what a VM holds, and hangs: the helper says so, and answers on. */
static void
test_stuck (void)
{
  g_autofree char *transaction = NULL;
  g_autofree char *problem = NULL;
  g_autoptr (GVariant) previewed = NULL;
  g_autoptr (GVariant) left = NULL;
  gint64 start;
  pid_t child;

  pf_test_add_profile ("lent", "{'controllers': <[" EHCI2 "]>}");
  transaction = pf_test_apply ("active", "lent", "@a{sv} {}");
  pf_test_control ("hold 1 4242 qemu-system-x86");
  /* Whoever looks first sees that it was taken, and notes that. */
  previewed = pf_test_manager ("active", "Preview", "(objectpath '" PF_TEST_HOME "',)");
  child = write_in_child ("sys/bus/pci/drivers/vfio-pci/unbind", "0000:00:1a.0");
  start = g_get_monotonic_time ();
  left = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  pf_test_refuse_apply ("active", "home", "@a{sv} {}", PF_ERROR_HELD);
  pf_test_refuse_apply ("active", "lent", "@a{sv} {}", PF_ERROR_STUCK);
  g_assert_true (
      pf_desk_wait_for_property (EHCI2_OBJECT, PF_TEST_CONTROLLER, "ProblemCode", "'Stuck'", 4000));
  problem = pf_test_get (EHCI2_OBJECT, PF_TEST_CONTROLLER, "Problem");
  g_assert_nonnull (strstr (problem, "0000:00:1a.0"));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 8 * G_USEC_PER_SEC);
  pf_test_control ("release 1");
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  g_assert_true (pf_desk_wait_for_property (EHCI2_OBJECT, PF_TEST_CONTROLLER, "ProblemCode", "''", 6000));
  pf_test_go_home ();
}

static void
add_cases (const Case *cases, guint n_cases, const char *severity, GTestDataFunc test)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/objections/%s/%s", severity, cases[i].id);

      g_test_add_data_func (path, &cases[i], test);
    }
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  if (argc > 1 && g_str_equal (argv[1], "in-use"))
    {
      add_cases (along, G_N_ELEMENTS (along), "along", test_along);
      add_cases (soft_in_use, G_N_ELEMENTS (soft_in_use), "soft", test_soft);
      add_cases (hard_in_use, G_N_ELEMENTS (hard_in_use), "hard", test_hard);
      return g_test_run ();
    }
  add_cases (hard, G_N_ELEMENTS (hard), "hard", test_hard);
  add_cases (soft, G_N_ELEMENTS (soft), "soft", test_soft);
  g_test_add_func ("/objections/then/nothing", test_afterwards);
  g_test_add_func ("/objections/then/stuck", test_stuck);
  return g_test_run ();
}
