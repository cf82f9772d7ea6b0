/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "pf-doctor-file.h"
#include "pf-doctor-report-private.h"

/* What hangs on PCI functions without USB between: disks, network interfaces, screens, sound cards. What they
 * are used for stays out: mounts, routes and addresses are somebody's own. */

#define GIGABYTE 1000000000

/* Returns: (transfer full) (nullable): the function that @path leads to something of, by no USB device; for a
 * screen of DisplayLink's driver "platform/evdi.0" */
static char *
find_owner (const Report *report, const char *path)
{
  g_auto (GStrv) parts = pf_doctor_report_split_path (report, path);
  const char *address = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (pf_doctor_report_is_pci_address (parts[i]))
        address = parts[i];
      else if (g_regex_match_simple ("^(usb[0-9]+|virtual)$", parts[i], 0, 0))
        return NULL;
      else if (g_str_has_prefix (parts[i], "evdi") && i > 0 && g_str_equal (parts[i - 1], "platform"))
        return g_strconcat ("platform/", parts[i], NULL);
    }
  return g_strdup (address);
}

static void
add_disk (Report *report, const char *name, const char *folder, const char *owner)
{
  g_autofree char *partition = g_build_filename (folder, "partition", NULL);
  g_autofree char *model = pf_doctor_file_read_attribute (report->root, folder, "device/model");
  g_autofree char *size = pf_doctor_file_read_attribute (report->root, folder, "size");
  guint64 bytes = size != NULL ? g_ascii_strtoull (size, NULL, 10) * 512 : 0;

  if (pf_doctor_file_exists (report->root, partition))
    return;
  pf_doctor_report_add_group (report, "disk", name);
  pf_doctor_report_add (report, "on", "%s", owner);
  pf_doctor_report_add_text (report, "model", model);
  if (bytes >= GIGABYTE / 2)
    pf_doctor_report_add (report, "size", "%u", (guint) ((bytes + GIGABYTE / 2) / GIGABYTE));
}

/* An interface's name may have its address in it ("enx0123456789ab"), so that it gets another one. */
static void
add_net (Report *report, const char *name, const char *folder, const char *owner)
{
  g_autofree char *state = pf_doctor_file_read_attribute (report->root, folder, "operstate");
  g_autofree char *plain = g_regex_match_simple ("[0-9a-f]{12}", name, G_REGEX_CASELESS, 0)
                               ? g_strdup_printf ("net%zu", report->text->len)
                               : g_strdup (name);

  pf_doctor_report_add_group (report, "net", plain);
  pf_doctor_report_add (report, "on", "%s", owner);
  pf_doctor_report_add (report, "state", "%s", g_strcmp0 (state, "up") == 0 ? "up" : "down");
}

static void
add_connectors (Report *report, const char *card, const char *folder, gboolean connected)
{
  g_autofree char *prefix = g_strconcat (card, "-", NULL);
  g_auto (GStrv) names = pf_doctor_file_list (report->root, folder);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autofree char *status = NULL;

      if (!g_str_has_prefix (names[i], prefix))
        continue;
      status = pf_doctor_file_read_attribute (report->root, path, "status");
      if ((g_strcmp0 (status, "connected") == 0) == connected)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ";" : "", names[i] + strlen (prefix));
    }
  if (list->len > 0)
    pf_doctor_report_add (report, connected ? "connected" : "disconnected", "%s", list->str);
}

static void
add_drm (Report *report, const char *name, const char *folder, const char *owner)
{
  if (!g_regex_match_simple ("^card[0-9]+$", name, 0, 0))
    return;
  pf_doctor_report_add_group (report, "drm", name);
  pf_doctor_report_add (report, "on", "%s", owner);
  add_connectors (report, name, folder, TRUE);
  add_connectors (report, name, folder, FALSE);
}

static void
add_sound (Report *report, const char *name, const char *folder, const char *owner)
{
  g_autofree char *path = g_strdup_printf ("proc/asound/%s", name);
  g_autofree char *id = NULL;

  if (!g_regex_match_simple ("^card[0-9]+$", name, 0, 0))
    return;
  id = pf_doctor_file_read_attribute (report->root, path, "id");
  pf_doctor_report_add_group (report, "sound", name);
  pf_doctor_report_add (report, "on", "%s", owner);
  pf_doctor_report_add_text (report, "id", id);
}

static const struct
{
  const char *class;
  void (*add) (Report *report, const char *name, const char *folder, const char *owner);
} classes[] = {
  { "block", add_disk },
  { "net", add_net },
  { "drm", add_drm },
  { "sound", add_sound },
};

/**
 * pf_doctor_report_add_uses:
 *
 * Adds what is on the PCI functions.
 */
void
pf_doctor_report_add_uses (Report *report)
{
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autofree char *class = g_build_filename ("sys/class", classes[i].class, NULL);
      g_auto (GStrv) names = pf_doctor_file_list (report->root, class);

      for (guint j = 0; names[j] != NULL; j++)
        {
          g_autofree char *folder = g_build_filename (class, names[j], NULL);
          g_autofree char *owner = find_owner (report, folder);

          if (owner != NULL)
            classes[i].add (report, names[j], folder, owner);
        }
    }
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
