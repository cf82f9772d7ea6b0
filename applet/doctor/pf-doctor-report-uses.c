/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "pf-doctor-file.h"
#include "pf-doctor-report-private.h"

/* What the host lives on: network interfaces, screens, sound cards and disks. People give names to
 * interfaces, and mounts tell of people: interfaces are numbered, and of mounts only those are told that
 * every Linux has. */

#define CLASS "sys/class"
#define BLOCK CLASS "/block"
#define MAX_PARTITIONS 128
#define GIGABYTE 1000000000

/* Returns: (transfer full) (nullable): the USB device, else the PCI function, that @path hangs on */
static char *
find_place (const Report *report, const char *path)
{
  g_auto (GStrv) parts = pf_doctor_report_split_path (report, path);
  const char *place = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    if (pf_doctor_report_is_pci_address (parts[i]) || pf_doctor_report_is_usb_device (parts[i]))
      place = parts[i];
  return g_strdup (place);
}

static char *
find_place_of_class (const Report *report, const char *class, const char *name)
{
  g_autofree char *path = g_strdup_printf (CLASS "/%s/%s/device", class, name);

  return find_place (report, path);
}

/* Returns: (transfer full) (array zero-terminated=1): the lines of a file of the first process, which lives
 * as the machine does; where others may not see that, of our own */
static char **
read_lines_of_first (const Report *report, const char *name)
{
  g_autofree char *first = g_build_filename ("proc/1", name, NULL);
  g_autofree char *own = g_build_filename ("proc/self", name, NULL);
  g_autofree char *text = pf_doctor_file_read (report->root, first);

  if (text == NULL)
    text = pf_doctor_file_read (report->root, own);
  return g_strsplit (text != NULL ? text : "", "\n", -1);
}

/* --- Network --- */

static gboolean
has_default_route (const Report *report, const char *name)
{
  g_auto (GStrv) lines = read_lines_of_first (report, "net/route");
  g_autofree char *start = g_strconcat (name, "\t00000000\t", NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], start))
      return TRUE;
  return FALSE;
}

static gboolean
is_wireless (const Report *report, const char *name)
{
  g_autofree char *phy = g_strdup_printf (CLASS "/net/%s/phy80211", name);

  return g_str_has_prefix (name, "wl") || pf_doctor_file_exists (report->root, phy);
}

/* Of some drivers the kernel does not know it. */
static void
add_state (Report *report, const char *name)
{
  g_autofree char *folder = g_build_filename (CLASS "/net", name, NULL);
  g_autofree char *state = pf_doctor_file_read_attribute (report->root, folder, "operstate");

  if (g_strcmp0 (state, "up") == 0 || g_strcmp0 (state, "down") == 0)
    pf_doctor_report_add (report, "state", "%s", state);
}

static void
add_interfaces (Report *report)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, CLASS "/net");
  guint n_wired = 0, n_wireless = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *place = find_place_of_class (report, "net", names[i]);
      gboolean wireless = is_wireless (report, names[i]);
      g_autofree char *number = NULL;

      if (place == NULL)
        continue;
      number = g_strdup_printf (wireless ? "wlan%u" : "eth%u", wireless ? n_wireless++ : n_wired++);
      pf_doctor_report_add_group (report, "net", number);
      pf_doctor_report_add (report, "on", "%s", place);
      add_state (report, names[i]);
      if (has_default_route (report, names[i]))
        pf_doctor_report_add (report, "default-route", "true");
    }
}

/* --- Screens --- */

/* Returns: (transfer full) (nullable): what @card hangs on; for a screen of DisplayLink's driver, which hangs on
 * nothing, "platform/evdi.0" */
static char *
find_place_of_card (const Report *report, const char *card)
{
  g_autofree char *path = g_strdup_printf (CLASS "/drm/%s", card);
  g_auto (GStrv) parts = pf_doctor_report_split_path (report, path);

  for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++)
    if (g_str_has_prefix (parts[i], "evdi") && g_str_equal (parts[i - 1], "platform"))
      return g_strconcat ("platform/", parts[i], NULL);
  return find_place_of_class (report, "drm", card);
}

/* Returns: (transfer full): a list of the connectors of @card with this status */
static char *
list_connectors (const Report *report, const char *card, char **names, const char *status)
{
  g_autofree char *prefix = g_strconcat (card, "-", NULL);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *folder = g_strdup_printf (CLASS "/drm/%s", names[i]);
      g_autofree char *text = NULL;

      if (!g_str_has_prefix (names[i], prefix))
        continue;
      text = pf_doctor_file_read_attribute (report->root, folder, "status");
      if (g_strcmp0 (text, status) == 0)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ";" : "", names[i] + strlen (prefix));
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
add_card (Report *report, const char *card, char **names)
{
  static const char *const states[] = { "connected", "disconnected" };
  g_autofree char *place = find_place_of_card (report, card);

  if (place == NULL)
    return;
  pf_doctor_report_add_group (report, "drm", card);
  pf_doctor_report_add (report, "on", "%s", place);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *list = list_connectors (report, card, names, states[i]);

      if (*list != '\0')
        pf_doctor_report_add (report, states[i], "%s", list);
    }
}

static void
add_cards (Report *report)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, CLASS "/drm");

  for (guint i = 0; names[i] != NULL; i++)
    if (g_regex_match_simple ("^card[0-9]+$", names[i], 0, 0))
      add_card (report, names[i], names);
}

/* --- Sound --- */

static void
add_sounds (Report *report)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, CLASS "/sound");

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *place = NULL;
      g_autofree char *folder = g_strdup_printf ("proc/asound/%s", names[i]);
      g_autofree char *id = NULL;

      if (!g_regex_match_simple ("^card[0-9]+$", names[i], 0, 0))
        continue;
      place = find_place_of_class (report, "sound", names[i]);
      if (place == NULL)
        continue;
      id = pf_doctor_file_read_attribute (report->root, folder, "id");
      pf_doctor_report_add_group (report, "sound", names[i]);
      pf_doctor_report_add (report, "on", "%s", place);
      pf_doctor_report_add_text (report, "id", id);
    }
}

/* --- Disks --- */

/* Returns: (transfer full) (nullable): the kernel's name of what "/dev/NAME" or "/dev/mapper/NAME" is */
static char *
resolve_source (const Report *report, const char *source)
{
  g_autofree char *name = g_path_get_basename (source);
  g_autofree char *path = g_build_filename (BLOCK, name, NULL);
  g_auto (GStrv) names = NULL;

  if (!g_str_has_prefix (source, "/dev/"))
    return NULL;
  if (!g_str_has_prefix (source, "/dev/mapper/"))
    return pf_doctor_file_exists (report->root, path) ? g_steal_pointer (&name) : NULL;
  names = pf_doctor_file_list (report->root, BLOCK);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *folder = g_build_filename (BLOCK, names[i], "dm", NULL);
      g_autofree char *label = pf_doctor_file_read_attribute (report->root, folder, "name");

      if (g_strcmp0 (label, name) == 0)
        return g_strdup (names[i]);
    }
  return NULL;
}

/* Mounts that every Linux has; all others are people's. */
static gboolean
is_of_system (const char *where)
{
  static const char *const known[]
      = { "/", "/boot", "/boot/efi", "/boot/firmware", "/efi", "/home", "/usr", "/var", NULL };

  return g_strv_contains (known, where);
}

/* "36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw" */
static void
read_mount (const Report *report, GHashTable *mounts, const char *line)
{
  g_auto (GStrv) halves = g_strsplit (line, " - ", 2);
  g_auto (GStrv) left = g_strsplit (halves[0] != NULL ? halves[0] : "", " ", 7);
  g_auto (GStrv) right = g_strsplit (halves[0] != NULL && halves[1] != NULL ? halves[1] : "", " ", 3);
  char *name;

  if (g_strv_length (left) < 6 || g_strv_length (right) < 2 || !is_of_system (left[4]))
    return;
  name = resolve_source (report, right[1]);
  if (name != NULL && !g_hash_table_contains (mounts, name))
    g_hash_table_insert (mounts, name, g_strdup (left[4]));
  else
    g_free (name);
}

/* Returns: (transfer full) (element-type utf8 utf8): where a partition or mapped disk is mounted, if the
 * system is on it */
static GHashTable *
read_mounts (const Report *report)
{
  GHashTable *mounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = read_lines_of_first (report, "mountinfo");

  for (guint i = 0; lines[i] != NULL; i++)
    read_mount (report, mounts, lines[i]);
  return mounts;
}

/* Returns: (transfer full) (element-type utf8): the partitions and disks that are swap space */
static GHashTable *
read_swaps (const Report *report)
{
  GHashTable *swaps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = pf_doctor_file_read (report->root, "proc/swaps");
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *source = g_strndup (lines[i], strcspn (lines[i], " \t"));
      g_autofree char *name = resolve_source (report, source);

      if (name != NULL)
        g_hash_table_add (swaps, g_steal_pointer (&name));
    }
  return swaps;
}

static gboolean
is_mapped (const char *name)
{
  return g_regex_match_simple ("^(dm-|md)[0-9]+$", name, 0, 0);
}

static char *
name_partition (const char *disk, guint number)
{
  return g_strdup_printf ("%s%s%u", disk, g_ascii_isdigit (disk[strlen (disk) - 1]) ? "p" : "", number);
}

/* Returns: the number of the last partition */
static guint
count_partitions (const Report *report, const char *disk)
{
  guint last = 0;

  for (guint i = 1; i <= MAX_PARTITIONS; i++)
    {
      g_autofree char *name = name_partition (disk, i);
      g_autofree char *path = g_build_filename (BLOCK, name, NULL);

      if (pf_doctor_file_exists (report->root, path))
        last = i;
    }
  return last;
}

/* One place for each partition, so that they keep their numbers. Swap space that is the last one makes
 * itself. */
static void
add_mounts (Report *report, const char *disk, GHashTable *mounts, GHashTable *swaps)
{
  guint count = count_partitions (report, disk);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *last = name_partition (disk, count);
  gboolean swap = count > 0 && g_hash_table_contains (swaps, last);

  for (guint i = 1; i <= count - (swap ? 1 : 0); i++)
    {
      g_autofree char *name = name_partition (disk, i);
      const char *where = g_hash_table_lookup (mounts, name);

      g_string_append_printf (list, "%s%s", i > 1 ? ";" : "", where != NULL ? where : "-");
      if (g_hash_table_contains (swaps, name))
        swap = TRUE;
    }
  if (list->len > 0)
    pf_doctor_report_add (report, "mount", "%s", list->str);
  if (swap)
    pf_doctor_report_add (report, "swap", "true");
}

/* What it is called, and its size in gigabytes; the kernel counts in sectors of 512 bytes. */
static void
add_model (Report *report, const char *folder)
{
  g_autofree char *model = pf_doctor_file_read_attribute (report->root, folder, "device/model");
  g_autofree char *size = pf_doctor_file_read_attribute (report->root, folder, "size");
  guint64 bytes = size != NULL ? g_ascii_strtoull (size, NULL, 10) * 512 : 0;

  pf_doctor_report_add_text (report, "model", model);
  if (bytes >= GIGABYTE / 2)
    pf_doctor_report_add (report, "size", "%u", (guint) ((bytes + GIGABYTE / 2) / GIGABYTE));
}

static void
add_disk (Report *report, const char *disk, GHashTable *mounts, GHashTable *swaps)
{
  g_autofree char *folder = g_build_filename (BLOCK, disk, NULL);
  g_autofree char *partition = g_build_filename (folder, "partition", NULL);
  g_autofree char *place = find_place (report, folder);

  if (place == NULL || pf_doctor_file_exists (report->root, partition))
    return;
  pf_doctor_report_add_group (report, "disk", disk);
  pf_doctor_report_add (report, "on", "%s", place);
  add_model (report, folder);
  add_mounts (report, disk, mounts, swaps);
}

/* What lies on others: dm-crypt, LVM, md. */
static void
add_mapped (Report *report, const char *disk, GHashTable *mounts)
{
  g_autofree char *folder = g_build_filename (BLOCK, disk, "slaves", NULL);
  g_auto (GStrv) below = pf_doctor_file_list (report->root, folder);
  const char *where = g_hash_table_lookup (mounts, disk);

  if (below[0] == NULL)
    return;
  pf_doctor_report_add_group (report, "disk", disk);
  pf_doctor_report_add (report, "on", "%s", below[0]);
  if (below[1] != NULL)
    {
      g_autofree char *also = g_strjoinv (";", below + 1);

      pf_doctor_report_add (report, "also", "%s", also);
    }
  if (where != NULL)
    pf_doctor_report_add (report, "mount", "%s", where);
}

static void
add_disks (Report *report)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, BLOCK);
  g_autoptr (GHashTable) mounts = read_mounts (report);
  g_autoptr (GHashTable) swaps = read_swaps (report);

  for (guint i = 0; names[i] != NULL; i++)
    if (!is_mapped (names[i]))
      add_disk (report, names[i], mounts, swaps);
  for (guint i = 0; names[i] != NULL; i++)
    if (is_mapped (names[i]))
      add_mapped (report, names[i], mounts);
}

/**
 * pf_doctor_report_add_uses:
 *
 * Adds network interfaces, graphics and sound cards, and disks with what of the system is on them.
 */
void
pf_doctor_report_add_uses (Report *report)
{
  add_disks (report);
  add_interfaces (report);
  add_cards (report);
  add_sounds (report);
}

/**
 * pf_doctor_report_add_graphics:
 * @folder: of a PCI function
 *
 * Adds whether the machine has booted with it, where it is a graphics card.
 */
void
pf_doctor_report_add_graphics (Report *report, const char *folder)
{
  g_autofree char *boot = pf_doctor_file_read_attribute (report->root, folder, "boot_vga");

  if (boot != NULL)
    pf_doctor_report_add (report, "boot-vga", "%s", g_str_equal (boot, "1") ? "true" : "false");
}
