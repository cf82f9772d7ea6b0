/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-loans.h"

#include <string.h>

#include "pf-error.h"
#include "pf-loan-devices.h"
#include "pf-pci-address.h"

/* The format of /run/portferry/loans, a keyfile:
 *
 *   [Loans]
 *   Format=1
 *   Profile=windows            the profile in force; absent for home
 *   Previous=home              the one before it
 *   Input=true                 a keyboard or pointer was lent since the last time at home
 *
 *   [Group 7]                  one for each IOMMU group given away
 *   Node=0:0:600               owner, group and mode (octal) of /dev/vfio/7 before
 *   Members=0000:00:07.0;...   its functions; for each of them, where there was one:
 *   Driver-0000:00:07.0=ehci-pci
 *   Override-0000:00:07.0=...  only where somebody else had set it before
 *   DeviceNode-0000:00:07.1=0:0:600
 *                              the same of the node of a function that others had lent
 *   Taken=true                 a process has had it open since
 *   WantedHome=true            everything was called home while a process had it
 *
 *   [Routing 0000:00:14.0]     one for each router that was changed: what was before the switch away from home
 *   Home=0x00003fff            XUSB2PR
 *   SuperSpeed=0x0000003f      USB3_PSSEN
 *   Power=auto                 power/control: auto or on
 */

#define FORMAT 1
#define MAX_SIZE 65536

static const char *const setting_keys[PF_N_ROUTER_SETTINGS] = { "Home", "SuperSpeed", "Power" };
static const char *const power_names[] = { [PF_POWER_AUTO] = "auto", [PF_POWER_ON] = "on" };

static void
loan_member_free (PfLoanMember *member)
{
  g_free (member->address);
  g_free (member->driver);
  g_free (member->driver_override);
  g_free (member);
}

static void
loan_free (PfLoan *loan)
{
  g_ptr_array_unref (loan->members);
  g_ptr_array_unref (loan->devices);
  g_free (loan);
}

/**
 * pf_loans_new:
 *
 * Returns: (transfer full): nothing lent, home in force
 */
PfLoans *
pf_loans_new (void)
{
  PfLoans *loans = g_new0 (PfLoans, 1);

  loans->loans = g_ptr_array_new_with_free_func ((GDestroyNotify) loan_free);
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    loans->homes[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return loans;
}

/**
 * pf_loans_free:
 * @loans: (transfer full): what is lent
 */
void
pf_loans_free (PfLoans *loans)
{
  g_free (loans->profile);
  g_free (loans->previous);
  g_ptr_array_unref (loans->loans);
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    g_hash_table_unref (loans->homes[i]);
  g_free (loans);
}

static void
copy_homes (PfLoans *copy, const PfLoans *loans)
{
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    {
      GHashTableIter iter;
      gpointer router, value;

      g_hash_table_iter_init (&iter, loans->homes[i]);
      while (g_hash_table_iter_next (&iter, &router, &value))
        pf_loans_set_home (copy, router, i, GPOINTER_TO_UINT (value));
    }
}

/**
 * pf_loans_copy:
 * @loans: what is lent
 *
 * Returns: (transfer full): a deep copy
 */
PfLoans *
pf_loans_copy (const PfLoans *loans)
{
  PfLoans *copy = pf_loans_new ();

  copy->profile = g_strdup (loans->profile);
  copy->previous = g_strdup (loans->previous);
  copy->input = loans->input;
  for (guint i = 0; i < loans->loans->len; i++)
    {
      const PfLoan *loan = loans->loans->pdata[i];
      PfLoan *loan_copy = pf_loans_add (copy, loan->group);

      loan_copy->node = loan->node;
      pf_loan_devices_copy (loan_copy, loan);
      loan_copy->taken = loan->taken;
      loan_copy->wanted_home = loan->wanted_home;
      for (guint j = 0; j < loan->members->len; j++)
        {
          const PfLoanMember *member = loan->members->pdata[j];

          pf_loan_add_member (loan_copy, member->address, member->driver, member->driver_override);
        }
    }
  copy_homes (copy, loans);
  return copy;
}

/**
 * pf_loans_find:
 * @loans: what is lent
 * @group: number of an IOMMU group
 *
 * Returns: (transfer none) (nullable): that group's loan
 */
PfLoan *
pf_loans_find (const PfLoans *loans, int group)
{
  for (guint i = 0; i < loans->loans->len; i++)
    {
      PfLoan *loan = loans->loans->pdata[i];

      if (loan->group == group)
        return loan;
    }
  return NULL;
}

/**
 * pf_loans_find_by_member:
 * @loans: what is lent
 * @address: a PCI address
 *
 * Returns: (transfer none) (nullable): the loan that @address is part of
 */
PfLoan *
pf_loans_find_by_member (const PfLoans *loans, const char *address)
{
  for (guint i = 0; i < loans->loans->len; i++)
    if (pf_loan_find_member (loans->loans->pdata[i], address) != NULL)
      return loans->loans->pdata[i];
  return NULL;
}

/**
 * pf_loans_add:
 * @loans: what is lent
 * @group: number of an IOMMU group that is not lent yet
 *
 * Returns: (transfer none): a new loan without members
 */
PfLoan *
pf_loans_add (PfLoans *loans, int group)
{
  PfLoan *loan = g_new0 (PfLoan, 1);

  g_return_val_if_fail (pf_loans_find (loans, group) == NULL, NULL);
  loan->group = group;
  loan->node = PF_NODE_DEFAULT;
  loan->devices = pf_loan_devices_new ();
  loan->members = g_ptr_array_new_with_free_func ((GDestroyNotify) loan_member_free);
  g_ptr_array_add (loans->loans, loan);
  return loan;
}

/**
 * pf_loan_add_member:
 * @loan: a loan
 * @address: PCI address of the function
 * @driver: (nullable): the driver it had before
 * @driver_override: (nullable): the override it had before
 */
void
pf_loan_add_member (PfLoan *loan, const char *address, const char *driver, const char *driver_override)
{
  PfLoanMember *member = g_new0 (PfLoanMember, 1);

  member->address = g_strdup (address);
  member->driver = g_strdup (driver);
  member->driver_override = g_strdup (driver_override);
  g_ptr_array_add (loan->members, member);
}

/**
 * pf_loan_find_member:
 * @loan: a loan
 * @address: a PCI address
 *
 * Returns: (transfer none) (nullable): what is recorded of it
 */
const PfLoanMember *
pf_loan_find_member (const PfLoan *loan, const char *address)
{
  for (guint i = 0; i < loan->members->len; i++)
    {
      const PfLoanMember *member = loan->members->pdata[i];

      if (g_str_equal (member->address, address))
        return member;
    }
  return NULL;
}

/**
 * pf_loans_remove:
 * @loans: what is lent
 * @group: number of an IOMMU group
 *
 * Returns: whether it had been lent
 */
gboolean
pf_loans_remove (PfLoans *loans, int group)
{
  PfLoan *loan = pf_loans_find (loans, group);

  return loan != NULL && g_ptr_array_remove (loans->loans, loan);
}

/**
 * pf_loans_get_home:
 * @loans: what is lent
 * @router: PCI address of a router
 * @setting: one of its settings
 * @value: (out): what it was before the first switch away from home; left alone where that is not on record
 *
 * Returns: whether it was recorded
 */
gboolean
pf_loans_get_home (const PfLoans *loans, const char *router, PfRouterSetting setting, guint32 *value)
{
  gpointer found;

  if (!g_hash_table_lookup_extended (loans->homes[setting], router, NULL, &found))
    return FALSE;
  *value = GPOINTER_TO_UINT (found);
  return TRUE;
}

/**
 * pf_loans_set_home:
 * @loans: what is lent
 * @router: PCI address of a router
 * @setting: one of its settings
 * @value: what it is at home
 */
void
pf_loans_set_home (PfLoans *loans, const char *router, PfRouterSetting setting, guint32 value)
{
  g_hash_table_replace (loans->homes[setting], g_strdup (router), GUINT_TO_POINTER (value));
}

/**
 * pf_loans_get_home_routing:
 * @loans: what is lent
 * @router: PCI address of a router
 * @value: (out): XUSB2PR before the first switch away from home
 *
 * Returns: whether it was recorded
 */
gboolean
pf_loans_get_home_routing (const PfLoans *loans, const char *router, guint32 *value)
{
  return pf_loans_get_home (loans, router, PF_SETTING_ROUTING, value);
}

/**
 * pf_loans_set_home_routing:
 * @loans: what is lent
 * @router: PCI address of a router
 * @value: XUSB2PR at home
 */
void
pf_loans_set_home_routing (PfLoans *loans, const char *router, guint32 value)
{
  pf_loans_set_home (loans, router, PF_SETTING_ROUTING, value);
}

/**
 * pf_loans_have_nothing_out:
 * @loans: what is lent
 *
 * Returns: whether no group is lent and no router is set otherwise than at home
 */
gboolean
pf_loans_have_nothing_out (const PfLoans *loans)
{
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    if (g_hash_table_size (loans->homes[i]) > 0)
      return FALSE;
  return loans->loans->len == 0;
}

/**
 * pf_loans_are_empty:
 * @loans: what is lent
 *
 * Returns: whether everything of ours is at home
 */
gboolean
pf_loans_are_empty (const PfLoans *loans)
{
  return loans->profile == NULL && pf_loans_have_nothing_out (loans);
}

static char *
member_key (const char *what, const char *address)
{
  return g_strconcat (what, "-", address, NULL);
}

static void
write_loan (GKeyFile *file, const PfLoan *loan)
{
  g_autofree char *group = g_strdup_printf ("Group %d", loan->group);
  g_autofree char *node = g_strdup_printf ("%u:%u:%o", loan->node.uid, loan->node.gid, loan->node.mode);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  g_key_file_set_string (file, group, "Node", node);
  for (guint i = 0; i < loan->members->len; i++)
    {
      const PfLoanMember *member = loan->members->pdata[i];
      g_autofree char *driver_key = member_key ("Driver", member->address);
      g_autofree char *override_key = member_key ("Override", member->address);

      g_ptr_array_add (addresses, member->address);
      if (member->driver != NULL)
        g_key_file_set_string (file, group, driver_key, member->driver);
      if (member->driver_override != NULL)
        g_key_file_set_string (file, group, override_key, member->driver_override);
    }
  pf_loan_devices_write (loan, file, group);
  if (loan->taken)
    g_key_file_set_boolean (file, group, "Taken", TRUE);
  if (loan->wanted_home)
    g_key_file_set_boolean (file, group, "WantedHome", TRUE);
  g_key_file_set_string_list (file, group, "Members", (const char *const *) addresses->pdata, addresses->len);
}

static void
write_homes (GKeyFile *file, const PfLoans *loans)
{
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    {
      GHashTableIter iter;
      gpointer router, value;

      g_hash_table_iter_init (&iter, loans->homes[i]);
      while (g_hash_table_iter_next (&iter, &router, &value))
        {
          g_autofree char *group = g_strconcat ("Routing ", router, NULL);
          g_autofree char *text = i == PF_SETTING_POWER
                                      ? g_strdup (power_names[GPOINTER_TO_UINT (value) == PF_POWER_ON])
                                      : g_strdup_printf ("0x%08x", GPOINTER_TO_UINT (value));

          g_key_file_set_string (file, group, setting_keys[i], text);
        }
    }
}

/**
 * pf_loans_serialize:
 * @loans: what is lent
 * @length: (out) (nullable): length in bytes
 *
 * Returns: (transfer full): a text that pf_loans_parse() reads
 */
char *
pf_loans_serialize (const PfLoans *loans, gsize *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, "Loans", "Format", FORMAT);
  if (loans->profile != NULL)
    g_key_file_set_string (file, "Loans", "Profile", loans->profile);
  if (loans->previous != NULL)
    g_key_file_set_string (file, "Loans", "Previous", loans->previous);
  if (loans->input)
    g_key_file_set_boolean (file, "Loans", "Input", TRUE);
  for (guint i = 0; i < loans->loans->len; i++)
    write_loan (file, loans->loans->pdata[i]);
  write_homes (file, loans);
  return g_key_file_to_data (file, length, NULL);
}

static gboolean
refuse (GError **error, const char *group, const char *why)
{
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "The record of what is lent cannot be read: [%s]: %s", group, why);
  return FALSE;
}

static gboolean
read_node (PfLoan *loan, GKeyFile *file, const char *group)
{
  g_autofree char *text = g_key_file_get_string (file, group, "Node", NULL);

  return text != NULL && pf_loans_parse_node (text, &loan->node);
}

/* What may be absent, but not damaged: no driver on record means that there was none. */
static gboolean
read_text (GKeyFile *file, const char *group, const char *key, char **text, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  *text = g_key_file_get_string (file, group, key, &wrong);
  return wrong == NULL || refuse (error, group, wrong->message);
}

static gboolean
read_member (PfLoan *loan, GKeyFile *file, const char *group, const char *address, GError **error)
{
  g_autofree char *driver_key = member_key ("Driver", address);
  g_autofree char *override_key = member_key ("Override", address);
  g_autofree char *driver = NULL;
  g_autofree char *driver_override = NULL;

  if (!pf_pci_address_is_canonical (address))
    return refuse (error, group, "not a PCI address");
  if (pf_loan_find_member (loan, address) != NULL)
    return refuse (error, group, "a member is there twice");
  if (!read_text (file, group, driver_key, &driver, error)
      || !read_text (file, group, override_key, &driver_override, error))
    return FALSE;
  pf_loan_add_member (loan, address, driver, driver_override);
  return TRUE;
}

/* What is not there is not so; what is neither true nor false is damage. */
static gboolean
read_flag (GKeyFile *file, const char *group, const char *key, gboolean *flag, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  *flag = g_key_file_get_boolean (file, group, key, &wrong);
  return wrong == NULL || refuse (error, group, wrong->message);
}

static gboolean
read_loan (PfLoans *loans, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) addresses = g_key_file_get_string_list (file, group, "Members", NULL, NULL);
  guint64 number;
  PfLoan *loan;

  if (!g_ascii_string_to_unsigned (group + strlen ("Group "), 10, 0, G_MAXINT, &number, NULL))
    return refuse (error, group, "not a group's number");
  if (addresses == NULL || pf_loans_find (loans, (int) number) != NULL)
    return refuse (error, group, "no members, or there twice");
  loan = pf_loans_add (loans, (int) number);
  if (!read_node (loan, file, group))
    return refuse (error, group, "Node is not like 0:0:600");
  if (!pf_loan_devices_read (loan, file, group))
    return refuse (error, group, "DeviceNode is not like 0:0:600, or not of a PCI address");
  if (!read_flag (file, group, "Taken", &loan->taken, error)
      || !read_flag (file, group, "WantedHome", &loan->wanted_home, error))
    return FALSE;
  for (guint i = 0; addresses[i] != NULL; i++)
    if (!read_member (loan, file, group, addresses[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
parse_setting (const char *text, PfRouterSetting setting, guint32 *value)
{
  guint64 number;

  if (setting == PF_SETTING_POWER)
    {
      *value = g_str_equal (text, power_names[PF_POWER_ON]) ? PF_POWER_ON : PF_POWER_AUTO;
      return g_str_equal (text, power_names[*value]);
    }
  if (!g_str_has_prefix (text, "0x") || !g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT32, &number, NULL))
    return FALSE;
  *value = (guint32) number;
  return TRUE;
}

static gboolean
read_homes (PfLoans *loans, GKeyFile *file, const char *group, GError **error)
{
  const char *router = group + strlen ("Routing ");
  gboolean any = FALSE;

  if (!pf_pci_address_is_canonical (router))
    return refuse (error, group, "not a PCI address");
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    {
      g_autofree char *text = NULL;
      guint32 value;

      if (!read_text (file, group, setting_keys[i], &text, error))
        return FALSE;
      if (text == NULL)
        continue;
      if (!parse_setting (text, i, &value))
        return refuse (error, group, i == PF_SETTING_POWER ? "Power is not auto or on" : "not a register value");
      pf_loans_set_home (loans, router, i, value);
      any = TRUE;
    }
  return any || refuse (error, group, "nothing in it");
}

static gboolean
read_groups (PfLoans *loans, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (g_str_has_prefix (groups[i], "Group ") && !read_loan (loans, file, groups[i], error))
        return FALSE;
      if (g_str_has_prefix (groups[i], "Routing ") && !read_homes (loans, file, groups[i], error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pf_loans_parse:
 * @data: text of the file
 * @length: its length in bytes
 * @error: PF_ERROR_FAILED naming the group
 *
 * Returns: (transfer full): what is lent, or NULL
 */
PfLoans *
pf_loans_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (PfLoans) loans = pf_loans_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) wrong = NULL;

  if (length > MAX_SIZE || !g_utf8_validate_len (data, length, NULL)
      || !g_key_file_load_from_data (file, data, length, G_KEY_FILE_NONE, &wrong))
    {
      refuse (error, "Loans", wrong != NULL ? wrong->message : "too long, or not text in UTF-8");
      return NULL;
    }
  if (g_key_file_get_integer (file, "Loans", "Format", NULL) != FORMAT)
    {
      refuse (error, "Loans", "not in the format of this version");
      return NULL;
    }
  if (!read_text (file, "Loans", "Profile", &loans->profile, error)
      || !read_text (file, "Loans", "Previous", &loans->previous, error)
      || !read_flag (file, "Loans", "Input", &loans->input, error) || !read_groups (loans, file, error))
    return NULL;
  return g_steal_pointer (&loans);
}
