/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-chipset.h"

#include <string.h>

#include "pf-chipset-file.h"
#include "pf-error.h"
#include "pf-key-text.h"
#include "pf-pci-address.h"
#include "pf-pci-ids.h"
#include "pf-port-map.h"
#include "pf-reset-quirk.h"

#define MAX_FILE_SIZE 65536

#define N_DEFAULTS 2

static const char *const defaults_keys[N_DEFAULTS + 1] = { "require_bdf", "deny_subsystem", NULL };
static const char *const chipset_keys[]
    = { "name",       "ehci1",        "ehci2",   "usbr_bit",    "mask_max",     "ss_mask_max", "ehci1_bits",
        "ehci2_bits", "xhci_hs_bits", "ss_bits", "require_bdf", "experimental", NULL };

struct _PfChipsetTable
{
  GHashTable *chipsets; /* key → PfChipset */
  GHashTable *quirks; /* key → (element-type PfResetQuirk) GPtrArray */
  char *defaults[N_DEFAULTS]; /* (nullable): values of the first file that has them */
};

static guint32
make_key (guint16 vendor, guint16 device)
{
  return (guint32)vendor << 16 | device;
}

static void
chipset_free (PfChipset *chipset)
{
  g_free (chipset->name);
  g_free (chipset->require_address);
  for (guint i = 0; i < PF_CHIPSET_MAX_EHCIS; i++)
    g_free (chipset->ehci[i].address);
  g_strfreev (chipset->denied_subsystems);
  g_free (chipset);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfChipset, chipset_free)

/**
 * pf_chipset_table_new:
 *
 * Returns: (transfer full): an empty table: nothing may be routed
 */
PfChipsetTable *
pf_chipset_table_new (void)
{
  PfChipsetTable *table = g_new0 (PfChipsetTable, 1);

  table->chipsets = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)chipset_free);
  table->quirks = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  return table;
}

/**
 * pf_chipset_table_free:
 * @table: (transfer full): a table
 */
void
pf_chipset_table_free (PfChipsetTable *table)
{
  g_hash_table_unref (table->chipsets);
  g_hash_table_unref (table->quirks);
  for (guint i = 0; i < N_DEFAULTS; i++)
    g_free (table->defaults[i]);
  g_free (table);
}

/* A key that is not known is a typing error, and what it was meant to restrict would not be. */
static gboolean
check_keys (GKeyFile *file, const char *group, const char *const *known, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    if (!g_strv_contains (known, keys[i]))
      return pf_chipset_file_fail (error, group, keys[i], "is not a key of this group");
  return TRUE;
}

static gboolean
read_mask (GKeyFile *file, const char *group, const char *key, guint32 *mask, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);
  guint64 value;

  if (text == NULL || !g_str_has_prefix (text, "0x")
      || !g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT32, &value, NULL))
    return pf_chipset_file_fail (error, group, key, "a mask such as 0x00003fff is needed");
  *mask = (guint32)value;
  return TRUE;
}

/* A list of bit numbers, -1 for a port that cannot move. A missing key is an empty list. */
static gboolean
read_bits (
    GKeyFile *file, const char *group, const char *key, gint8 bits[PF_CHIPSET_MAX_PORTS], GError **error)
{
  gsize length = 0;
  g_autofree int *list = NULL;
  g_autoptr (GError) wrong = NULL;

  memset (bits, PF_CHIPSET_NO_BIT, PF_CHIPSET_MAX_PORTS);
  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  list = g_key_file_get_integer_list (file, group, key, &length, &wrong);
  if (wrong != NULL || length > PF_CHIPSET_MAX_PORTS)
    return pf_chipset_file_fail (error, group, key, "a list of at most %d bit numbers is needed",
                                 PF_CHIPSET_MAX_PORTS);
  for (gsize i = 0; i < length; i++)
    {
      if (list[i] < PF_CHIPSET_NO_BIT || list[i] > 31)
        return pf_chipset_file_fail (error, group, key, "%d is not a bit", list[i]);
      bits[i] = (gint8)list[i];
    }
  return TRUE;
}

/* The names of ports say which bits they are (see pf-port-map.h); an entry that says otherwise would move
 * another port than the one that was named. */
static gboolean
read_ehci_bits (GKeyFile *file, const char *group, PfChipset *chipset, guint index, GError **error)
{
  g_autofree char *key = g_strdup_printf ("ehci%u_bits", index + 1);
  guint base = index == 0 ? 0 : PF_PORT_MAP_EHCI2_BASE;
  guint ports = index == 0 ? PF_PORT_MAP_EHCI2_BASE : PF_PORT_MAP_N_BITS - PF_PORT_MAP_EHCI2_BASE;

  if (!read_bits (file, group, key, chipset->ehci_bits[index], error))
    return FALSE;
  for (guint i = 0; i < PF_CHIPSET_MAX_PORTS; i++)
    {
      int bit = chipset->ehci_bits[index][i];

      if (bit != PF_CHIPSET_NO_BIT && (i >= ports || bit != (int)(base + i)))
        return pf_chipset_file_fail (error, group, key, "port %u of EHCI #%u cannot be bit %d", i + 1,
                                     index + 1, bit);
    }
  return TRUE;
}

static gboolean
read_xhci_bits (GKeyFile *file, const char *group, PfChipset *chipset, GError **error)
{
  guint32 seen = 0;

  if (!read_bits (file, group, "xhci_hs_bits", chipset->xhci_bits, error))
    return FALSE;
  for (guint i = 0; i < PF_CHIPSET_MAX_PORTS; i++)
    {
      guint32 bit = chipset->xhci_bits[i] >= 0 ? 1u << chipset->xhci_bits[i] : 0;

      if ((seen & bit) != 0)
        return pf_chipset_file_fail (error, group, "xhci_hs_bits", "bit %d is there twice",
                                     chipset->xhci_bits[i]);
      seen |= bit;
    }
  return TRUE;
}

static gboolean
read_denied_subsystems (GKeyFile *file, PfChipset *chipset, GError **error)
{
  guint16 vendor, device;

  if (!g_key_file_has_key (file, "defaults", "deny_subsystem", NULL))
    return TRUE;
  chipset->denied_subsystems = g_key_file_get_string_list (file, "defaults", "deny_subsystem", NULL, NULL);
  for (guint i = 0; chipset->denied_subsystems != NULL && chipset->denied_subsystems[i] != NULL; i++)
    if (!pf_pci_ids_parse (chipset->denied_subsystems[i], &vendor, &device))
      return pf_chipset_file_fail (error, "defaults", "deny_subsystem", "“%s” is not like 104d:90a8",
                                   chipset->denied_subsystems[i]);
  return chipset->denied_subsystems != NULL
         || pf_chipset_file_fail (error, "defaults", "deny_subsystem",
                                  "a list of IDs like 104d:90a8 is needed");
}

static gboolean
read_experimental (GKeyFile *file, const char *group, PfChipset *chipset, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, "experimental", NULL))
    return TRUE;
  chipset->experimental = g_key_file_get_boolean (file, group, "experimental", &wrong);
  return wrong == NULL || pf_chipset_file_fail (error, group, "experimental", "true or false is needed");
}

/* "8086:8ca6@0000:00:1d.0" */
static gboolean
read_ehci (GKeyFile *file, const char *group, PfChipset *chipset, guint index, GError **error)
{
  g_autofree char *key = g_strdup_printf ("ehci%u", index + 1);
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;

  if (!pf_chipset_file_read_text (file, group, key, &text, error))
    return FALSE;
  if (text == NULL)
    return index > 0 || pf_chipset_file_fail (error, group, key, "every router has an EHCI #1");
  parts = g_strsplit (text, "@", 2);
  if (g_strv_length (parts) != 2
      || !pf_pci_ids_parse (parts[0], &chipset->ehci[index].vendor, &chipset->ehci[index].device)
      || !pf_pci_address_is_canonical (parts[1]))
    return pf_chipset_file_fail (error, group, key, "“%s” is not like 8086:8ca6@0000:00:1d.0", text);
  chipset->ehci[index].address = g_strdup (parts[1]);
  chipset->ehci_count = index + 1;
  return TRUE;
}

static gboolean
read_usbr_bit (GKeyFile *file, const char *group, PfChipset *chipset, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  chipset->usbr_bit = PF_CHIPSET_NO_BIT;
  if (!g_key_file_has_key (file, group, "usbr_bit", NULL))
    return TRUE;
  chipset->usbr_bit = g_key_file_get_integer (file, group, "usbr_bit", &wrong);
  if (wrong != NULL || chipset->usbr_bit < PF_CHIPSET_NO_BIT || chipset->usbr_bit > 31)
    return pf_chipset_file_fail (error, group, "usbr_bit", "a bit number, or -1, is needed");
  return TRUE;
}

/* Where the xHCI has to be: the group's own key, else that of [defaults], else anywhere. */
static gboolean
read_address (GKeyFile *file, const char *group, PfChipset *chipset, GError **error)
{
  const char *source = g_key_file_has_key (file, group, "require_bdf", NULL) ? group : "defaults";

  if (!pf_chipset_file_read_text (file, source, "require_bdf", &chipset->require_address, error))
    return FALSE;
  if (chipset->require_address != NULL && !pf_pci_address_is_canonical (chipset->require_address))
    return pf_chipset_file_fail (error, source, "require_bdf", "“%s” is not a full PCI address",
                                 chipset->require_address);
  return TRUE;
}

static gboolean
read_chipset (GKeyFile *file, const char *group, PfChipset *chipset, GError **error)
{
  if (!pf_pci_ids_parse (group + strlen ("chipset "), &chipset->vendor, &chipset->device))
    return pf_chipset_file_fail (error, group, "", "the group's name must be like [chipset 8086:8cb1]");
  if (!check_keys (file, group, chipset_keys, error))
    return FALSE;
  chipset->name = g_key_file_get_string (file, group, "name", NULL);
  if (chipset->name == NULL)
    return pf_chipset_file_fail (error, group, "name", "is missing");
  for (guint i = 0; i < PF_CHIPSET_MAX_EHCIS; i++)
    if (!read_ehci (file, group, chipset, i, error))
      return FALSE;
  return read_address (file, group, chipset, error) && read_usbr_bit (file, group, chipset, error)
         && read_denied_subsystems (file, chipset, error) && read_experimental (file, group, chipset, error)
         && read_mask (file, group, "mask_max", &chipset->mask_max, error)
         && read_mask (file, group, "ss_mask_max", &chipset->super_speed_mask_max, error)
         && read_ehci_bits (file, group, chipset, 0, error) && read_ehci_bits (file, group, chipset, 1, error)
         && read_xhci_bits (file, group, chipset, error)
         && read_bits (file, group, "ss_bits", chipset->super_speed_bits, error);
}

static gboolean
add_chipset (PfChipsetTable *table, GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (PfChipset) chipset = g_new0 (PfChipset, 1);
  guint32 key;

  if (!read_chipset (file, group, chipset, error))
    return FALSE;
  key = make_key (chipset->vendor, chipset->device);
  g_hash_table_replace (table->chipsets, GUINT_TO_POINTER (key), g_steal_pointer (&chipset));
  return TRUE;
}

/* "reset-quirk 1022:149c", or "reset-quirk 1022:149c NAME" where there is more to say of a chip. */
static gboolean
add_quirk (PfChipsetTable *table, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (group, " ", 3);
  guint16 vendor, device;
  GPtrArray *quirks;
  PfResetQuirk *quirk;
  gpointer key;

  if (!pf_pci_ids_parse (parts[1], &vendor, &device))
    return pf_chipset_file_fail (error, group, "", "the group's name must be like [reset-quirk 1022:149c]");
  quirk = pf_reset_quirk_read (file, group, error);
  if (quirk == NULL)
    return FALSE;
  key = GUINT_TO_POINTER (make_key (vendor, device));
  quirks = g_hash_table_lookup (table->quirks, key);
  if (quirks == NULL)
    {
      quirks = g_ptr_array_new_with_free_func ((GDestroyNotify)pf_reset_quirk_free);
      g_hash_table_insert (table->quirks, key, quirks);
    }
  g_ptr_array_add (quirks, quirk);
  return TRUE;
}

static gboolean
add_groups (PfChipsetTable *table, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      gboolean fine;

      if (g_str_has_prefix (groups[i], "chipset "))
        fine = add_chipset (table, file, groups[i], error);
      else if (g_str_has_prefix (groups[i], "reset-quirk "))
        fine = add_quirk (table, file, groups[i], error);
      else if (g_str_equal (groups[i], "defaults"))
        fine = check_keys (file, groups[i], defaults_keys, error);
      else
        fine = pf_chipset_file_fail (error, groups[i], "",
                                     "only [defaults], [chipset …] and [reset-quirk …] are known");
      if (!fine)
        return FALSE;
    }
  return TRUE;
}

static void
move_entries (GHashTable *from, GHashTable *to)
{
  GHashTableIter iter;
  gpointer key, entry;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &entry))
    {
      g_hash_table_iter_steal (&iter);
      g_hash_table_replace (to, key, entry);
    }
}

/* What the shipped file restricts holds for additions that do not say otherwise: whoever leaves [defaults]
 * out has not meant to route on whatever is called so, anywhere. */
static void
inherit_defaults (const PfChipsetTable *table, GKeyFile *file)
{
  for (guint i = 0; i < N_DEFAULTS; i++)
    if (table->defaults[i] != NULL && !g_key_file_has_key (file, "defaults", defaults_keys[i], NULL))
      g_key_file_set_value (file, "defaults", defaults_keys[i], table->defaults[i]);
}

static void
keep_defaults (PfChipsetTable *table, GKeyFile *file)
{
  for (guint i = 0; i < N_DEFAULTS; i++)
    if (table->defaults[i] == NULL)
      table->defaults[i] = g_key_file_get_value (file, "defaults", defaults_keys[i], NULL);
}

/**
 * pf_chipset_table_add:
 * @table: a table
 * @data: text of a chipsets.conf
 * @length: its length in bytes, at most 64 KiB
 * @error: PF_ERROR_INVALID_ARGUMENT naming the group and the key
 *
 * Adds what a file says; entries for a chip replace those of earlier files for the same chip. A file counts as a whole: one
 * that cannot be read to its end changes nothing. Keys that its [defaults] do not have are those of the first
 * file that has them.
 *
 * Returns: whether the file could be read
 */
gboolean
pf_chipset_table_add (PfChipsetTable *table, const char *data, gsize length, GError **error)
{
  g_autoptr (PfChipsetTable) added = pf_chipset_table_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) wrong = NULL;

  if (length > MAX_FILE_SIZE || !g_utf8_validate_len (data, length, NULL))
    return pf_chipset_file_fail (error, "", "", "not a text of at most %d bytes", MAX_FILE_SIZE);
  /* Translations are kept so that they are seen as the unknown keys that they are, in any locale. */
  if (!pf_key_text_load (file, data, length, G_KEY_FILE_KEEP_TRANSLATIONS, &wrong))
    return pf_chipset_file_fail (error, "", "", "%s", wrong->message);
  inherit_defaults (table, file);
  if (!add_groups (added, file, error))
    return FALSE;
  keep_defaults (table, file);
  move_entries (added->chipsets, table->chipsets);
  move_entries (added->quirks, table->quirks);
  return TRUE;
}

/**
 * pf_chipset_table_lookup:
 * @table: a table
 * @vendor: PCI vendor ID of an xHCI
 * @device: PCI device ID
 *
 * Returns: (transfer none) (nullable): what is known of its routing register; NULL: it must not be written
 */
const PfChipset *
pf_chipset_table_lookup (const PfChipsetTable *table, guint16 vendor, guint16 device)
{
  return g_hash_table_lookup (table->chipsets, GUINT_TO_POINTER (make_key (vendor, device)));
}

/**
 * pf_chipset_table_lookup_companion:
 * @table: a table
 * @vendor: PCI vendor ID of an EHCI
 * @device: PCI device ID
 *
 * Returns: (transfer none) (nullable): what is known of the chipset that this EHCI belongs to, for boards whose
 * firmware hides the xHCI
 */
const PfChipset *
pf_chipset_table_lookup_companion (const PfChipsetTable *table, guint16 vendor, guint16 device)
{
  GHashTableIter iter;
  const PfChipset *chipset;

  g_hash_table_iter_init (&iter, table->chipsets);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &chipset))
    for (guint i = 0; i < chipset->ehci_count; i++)
      if (chipset->ehci[i].vendor == vendor && chipset->ehci[i].device == device)
        return chipset;
  return NULL;
}

/**
 * pf_chipset_table_get_quirks:
 * @table: a table
 * @vendor: PCI vendor ID of any function
 * @device: PCI device ID
 *
 * Returns: (transfer none) (nullable) (element-type PfResetQuirk): what to know before lending it, whatever the
 * machine is
 */
const GPtrArray *
pf_chipset_table_get_quirks (const PfChipsetTable *table, guint16 vendor, guint16 device)
{
  return g_hash_table_lookup (table->quirks, GUINT_TO_POINTER (make_key (vendor, device)));
}

/**
 * pf_chipset_table_get_size:
 * @table: a table
 *
 * Returns: how many chips may be routed
 */
guint
pf_chipset_table_get_size (const PfChipsetTable *table)
{
  return g_hash_table_size (table->chipsets);
}
