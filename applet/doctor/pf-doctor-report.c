/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor-report-private.h"

#include <stdlib.h>
#include <string.h>

#include "pf-board.h"
#include "pf-doctor-file.h"
#include "pf-doctor-scrub.h"

/* A report is a board file, as described in tests/boards/README.md: the fake kernel turns it into a machine
 * like the one it was taken on. What people could be known by stays out: serial numbers, host names, MAC
 * addresses, mounts that only they have. */

#define HEADER 16 /* bytes: IDs, command, status, class */
#define DEVICES "sys/bus/pci/devices"
#define GROUPS "sys/kernel/iommu_groups"

/* --- The machine --- */

static void
add_findings (Report *report, GPtrArray *findings)
{
  g_string_append_printf (
      report->text,
      "# Taken by portferryctl report, version %s. This is a board: look at it with\n"
      "#   ./dev with FILE -- portferryctl controllers\n"
      "# Serial numbers, MAC addresses, host and user names have been left out, and of mounts\n"
      "# all but the system's own. Network interfaces are numbered.\n#\n",
      PF_VERSION);
  for (guint i = 0; i < findings->len; i++)
    {
      const PfDoctorFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char *what = pf_doctor_scrub (finding->what, report->names);

      g_string_append_printf (report->text, "# %-8s %-14s %s\n", pf_doctor_state_get_name (finding->state),
                              finding->code, what);
    }
}

/* Returns: the name of a processor's vendor on a board. CPUID answers twelve characters; Zhaoxin's begin with
 * spaces. */
static const char *
get_cpu (const PfDoctorFacts *facts)
{
  static const char *const names[][2] = {
    { "GenuineIntel", "intel" },
    { "AuthenticAMD", "amd" },
    { "HygonGenuine", "hygon" },
    { "Shanghai", "zhaoxin" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (facts->cpu, names[i][0]) == 0)
      return names[i][1];
  return facts->cpu != NULL && g_regex_match_simple ("^[[:alnum:]]{12}$", facts->cpu, 0, 0) ? facts->cpu
                                                                                            : "other";
}

static const char *
get_iommu (const Report *report)
{
  if (report->facts->n_groups > 0)
    return "on";
  return pf_doctor_file_exists (report->root, GROUPS) ? "off" : "absent";
}

static void
add_board (Report *report, char **addresses)
{
  const PfDoctorFacts *facts = report->facts;
  g_autofree char *vendor = pf_doctor_file_read (report->root, "sys/class/dmi/id/board_vendor");
  g_autofree char *board = pf_doctor_file_read (report->root, "sys/class/dmi/id/board_name");
  g_autofree char *name = g_strconcat (vendor != NULL ? vendor : "", " ", board != NULL ? board : "", NULL);
  g_autofree char *cmdline = pf_doctor_scrub_parameters (facts->cmdline != NULL ? facts->cmdline : "");
  static const char *const vfio[] = {
    [PF_DOCTOR_VFIO_READY] = "builtin",
    [PF_DOCTOR_VFIO_BUILTIN] = "builtin",
    [PF_DOCTOR_VFIO_MODULE] = "module",
    [PF_DOCTOR_VFIO_MISSING] = "missing",
  };

  pf_doctor_report_add_group (report, "board", NULL);
  pf_doctor_report_add_text (report, "name", name);
  pf_doctor_report_add (report, "cpu", "%s", get_cpu (facts));
  pf_doctor_report_add (report, "iommu", "%s", get_iommu (report));
  if (facts->has_acpi)
    pf_doctor_report_add (report, "iommu-table", "%s", facts->has_iommu_table ? "true" : "false");
  pf_doctor_report_add (report, "vfio-pci", "%s", vfio[facts->vfio]);
  if (pf_doctor_file_exists (report->root, "dev/iommu"))
    pf_doctor_report_add (report, "iommufd", "true");
  if (pf_doctor_report_has_empty_overrides (report, addresses))
    pf_doctor_report_add (report, "unset-override", "%s", "");
  pf_doctor_report_add_text (report, "kernel", facts->release);
  if (*cmdline != '\0')
    pf_doctor_report_add_text (report, "cmdline", cmdline);
  if (facts->lockdown != NULL && !g_str_equal (facts->lockdown, "none"))
    pf_doctor_report_add (report, "lockdown", "true");
  pf_doctor_report_add_lenders (report);
  pf_doctor_report_add_chassis (report);
}

/* --- PCI functions --- */

/* A table of the functions that have others below them: of a bridge the number of the bus, of a VMD the root
 * bus. */
static GHashTable *
find_buses (const Report *report, char **addresses)
{
  GHashTable *buses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (DEVICES, addresses[i], NULL);
      g_auto (GStrv) parts = pf_doctor_report_split_path (report, path);
      guint n = g_strv_length (parts);
      const char *colon = strchr (addresses[i], ':');

      if (n >= 2 && pf_doctor_report_is_pci_address (parts[n - 2]) && colon != NULL)
        g_hash_table_replace (buses, g_strdup (parts[n - 2]), g_strndup (colon + 1, 2));
      else if (n >= 3 && g_str_has_prefix (parts[n - 2], "pci")
               && pf_doctor_report_is_pci_address (parts[n - 3]))
        g_hash_table_replace (buses, g_strdup (parts[n - 3]), g_strdup (parts[n - 2] + strlen ("pci")));
    }
  return buses;
}

static void
add_bus (Report *report, GHashTable *buses, const char *address, guint class_code)
{
  g_autofree char *path = g_strdup_printf (DEVICES "/%s/secondary_bus_number", address);
  g_autofree char *number = pf_doctor_file_read (report->root, path);
  const char *bus = g_hash_table_lookup (buses, address);

  if (bus != NULL && class_code >> 16 != 6)
    pf_doctor_report_add (report, "root-bus", "%s", bus);
  else if (bus != NULL)
    pf_doctor_report_add (report, "secondary", "%s", bus);
  else if (number != NULL && atoi (number) > 0)
    pf_doctor_report_add (report, "secondary", "%02x", (guint) atoi (number));
}

static void
add_driver (Report *report, const char *address, guint class_code)
{
  g_autofree char *path = g_strdup_printf (DEVICES "/%s/driver", address);
  g_autofree char *driver = pf_doctor_file_read_link_name (report->root, path);

  pf_doctor_report_add (report, "driver", "%s", driver != NULL ? driver : "none");
  /* That of a USB host controller follows from its class, whoever has it now. */
  if (driver == NULL && (!pf_class_is_usb_controller (class_code) || (class_code & 0xff) > 0x30))
    pf_doctor_report_add (report, "native", "none");
}

static void
add_removable (Report *report, const char *folder)
{
  g_autofree char *path = g_strconcat (folder, "/removable", NULL);
  g_autofree char *word = pf_doctor_file_read (report->root, path);

  if (word != NULL && (g_str_equal (word, "removable") || g_str_equal (word, "fixed") || g_str_equal (word, "unknown")))
    pf_doctor_report_add (report, "removable", "%s", word);
}

static void
add_place (Report *report, const char *folder)
{
  g_autofree char *link = g_build_filename (folder, "iommu_group", NULL);
  g_autofree char *group = pf_doctor_file_read_link_name (report->root, link);
  g_autofree char *resets = pf_doctor_file_read_attribute (report->root, folder, "reset_method");
  g_autofree char *power = pf_doctor_file_read_attribute (report->root, folder, "power/control");
  g_autofree char *node = pf_doctor_file_read_attribute (report->root, folder, "numa_node");

  if (report->facts->n_groups > 0)
    pf_doctor_report_add (report, "group", "%s", group != NULL ? group : "none");
  if (resets != NULL)
    pf_doctor_report_add (report, "reset", "%s", g_strdelimit (resets, " ", ';'));
  if (g_strcmp0 (power, "auto") == 0)
    pf_doctor_report_add (report, "power", "auto");
  if (node != NULL && atoi (node) >= 0)
    pf_doctor_report_add (report, "numa-node", "%d", atoi (node));
}

static void
add_routing (Report *report, const char *address)
{
  const PfDoctorController *controller = pf_doctor_facts_find_controller (report->facts, address);

  if (controller == NULL || !controller->is_router)
    return;
  pf_doctor_report_add (report, "routing", "0x%x", controller->routing);
  pf_doctor_report_add (report, "mask", "0x%x", controller->writable);
  pf_doctor_report_add (report, "ss-mask", "0x%x", controller->super_speed);
}

/* A function that does not answer reads as all ones; the kernel remembers what it once was. Everybody may
 * read the first 64 bytes. */
static void
add_silence (Report *report, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "config", NULL);
  guint8 header[HEADER];

  if (pf_doctor_file_read_bytes (report->root, path, header, sizeof header) < sizeof header)
    return;
  for (gsize i = 0; i < sizeof header; i++)
    if (header[i] != 0xff)
      return;
  pf_doctor_report_add (report, "config", "0x00=ffffffff;0x04=ffffffff;0x08=ffffffff;0x0c=ffffffff");
}

static void
add_function (Report *report, GHashTable *buses, const char *address)
{
  g_autofree char *folder = g_build_filename (DEVICES, address, NULL);
  guint class_code = pf_doctor_file_read_hex (report->root, folder, "class");
  guint revision = pf_doctor_file_read_hex (report->root, folder, "revision");
  guint vendor = pf_doctor_file_read_hex (report->root, folder, "subsystem_vendor");

  pf_doctor_report_add_group (report, "function", address);
  pf_doctor_report_add (report, "id", "%04x:%04x", pf_doctor_file_read_hex (report->root, folder, "vendor"),
                        pf_doctor_file_read_hex (report->root, folder, "device"));
  pf_doctor_report_add (report, "class", "%06x", class_code);
  if (vendor != 0)
    pf_doctor_report_add (report, "subsystem", "%04x:%04x", vendor,
                          pf_doctor_file_read_hex (report->root, folder, "subsystem_device"));
  if (revision != 0)
    pf_doctor_report_add (report, "revision", "%02x", revision);
  add_silence (report, folder);
  pf_doctor_report_add_unusual (report, folder, address, class_code);
  add_place (report, folder);
  add_driver (report, address, class_code);
  add_removable (report, folder);
  add_bus (report, buses, address, class_code);
  pf_doctor_report_add_graphics (report, folder);
  if (!pf_class_is_usb_controller (class_code))
    return;
  add_routing (report, address);
  pf_doctor_report_add_hubs (report, address, class_code);
}

/* --- What is in a group and not on PCI --- */

static void
add_member (Report *report, const char *group, const char *name)
{
  g_autofree char *folder = g_strdup_printf (GROUPS "/%s/devices/%s", group, name);
  g_autofree char *subsystem = g_build_filename (folder, "subsystem", NULL);
  g_autofree char *link = g_build_filename (folder, "driver", NULL);
  g_autofree char *bus = pf_doctor_file_read_link_name (report->root, subsystem);
  g_autofree char *driver = pf_doctor_file_read_link_name (report->root, link);

  pf_doctor_report_add_group (report, "member", name);
  pf_doctor_report_add (report, "group", "%s", group);
  if (bus != NULL)
    pf_doctor_report_add (report, "bus", "%s", bus);
  if (driver != NULL)
    pf_doctor_report_add (report, "driver", "%s", driver);
}

static void
add_members (Report *report)
{
  g_auto (GStrv) groups = pf_doctor_file_list (report->root, GROUPS);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *folder = g_strdup_printf (GROUPS "/%s/devices", groups[i]);
      g_auto (GStrv) names = pf_doctor_file_list (report->root, folder);

      for (guint j = 0; names[j] != NULL; j++)
        if (!pf_doctor_report_is_pci_address (names[j]))
          add_member (report, groups[i], names[j]);
    }
}

/**
 * pf_doctor_report_build:
 * @root: below which /sys and /proc are; "/" but for tests
 * @facts: what is known of the machine
 * @findings: (element-type PfDoctorFinding): what the checks have found
 *
 * Returns: (transfer full): a board file of this machine for a bug report
 */
char *
pf_doctor_report_build (const char *root, const PfDoctorFacts *facts, GPtrArray *findings)
{
  g_autoptr (GPtrArray) names = pf_doctor_scrub_list_names ();
  Report report = { .root = root, .facts = facts, .names = names, .text = g_string_new (NULL) };
  g_auto (GStrv) addresses = pf_doctor_file_list (root, DEVICES);
  g_autoptr (GHashTable) buses = find_buses (&report, addresses);

  add_findings (&report, findings);
  add_board (&report, addresses);
  for (guint i = 0; addresses[i] != NULL; i++)
    if (pf_doctor_report_is_pci_address (addresses[i]))
      add_function (&report, buses, addresses[i]);
  add_members (&report);
  pf_doctor_report_add_groups (&report);
  pf_doctor_report_add_devices (&report);
  pf_doctor_report_add_uses (&report);
  pf_doctor_report_add_inputs (&report);
  return g_string_free (report.text, FALSE);
}
