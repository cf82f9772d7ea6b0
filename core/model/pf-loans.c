/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-loans.h"

#include "pf-loan-devices.h"

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
  copy->is_checked = loans->is_checked;
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
