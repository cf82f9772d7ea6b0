/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys of a profile that say how a switch to it behaves, rather than what it moves. */

#include "pf-profile.h"

#include "pf-error.h"

static const char *const confirm_names[] = { "first", "always", "never" };
static const char *const on_vm_exit_names[] = { "auto", "home", "keep", "previous" };

static int
find_name (const char *const *names, guint count, const char *name)
{
  for (guint i = 0; i < count; i++)
    if (g_str_equal (names[i], name))
      return (int) i;
  return -1;
}

/**
 * pf_profile_set_confirm:
 * @profile: a profile
 * @confirm: "first", "always" or "never"
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_confirm (PfProfile *profile, const char *confirm, GError **error)
{
  int index = find_name (confirm_names, G_N_ELEMENTS (confirm_names), confirm);

  if (index < 0)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           "When to confirm is “first”, “always” or “never”.");
      return FALSE;
    }
  profile->confirm = (PfConfirm) index;
  return TRUE;
}

/**
 * pf_profile_set_confirm_seconds:
 * @profile: a profile
 * @seconds: 5 to 120
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_confirm_seconds (PfProfile *profile, guint64 seconds, GError **error)
{
  if (seconds < PF_CONFIRM_MIN_SECONDS || seconds > PF_CONFIRM_MAX_SECONDS)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "The time to confirm is %d to %d seconds.",
                   PF_CONFIRM_MIN_SECONDS, PF_CONFIRM_MAX_SECONDS);
      return FALSE;
    }
  profile->confirm_seconds = (guint) seconds;
  return TRUE;
}

/**
 * pf_profile_set_on_vm_exit:
 * @profile: a profile
 * @on_vm_exit: "auto", "home", "keep" or "previous"
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_on_vm_exit (PfProfile *profile, const char *on_vm_exit, GError **error)
{
  int index = find_name (on_vm_exit_names, G_N_ELEMENTS (on_vm_exit_names), on_vm_exit);

  if (index < 0)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           "What to do when the virtual machine goes away is “auto”, “home”, “keep” or “previous”.");
      return FALSE;
    }
  profile->on_vm_exit = (PfOnVmExit) index;
  return TRUE;
}

/**
 * pf_profile_check_guest:
 * @profile: a profile
 * @error: PF_ERROR_INVALID_PROFILE
 *
 * Without a user of its own a profile gives its controllers to whoever asks for it. When a virtual machine asks, that is
 * the service behind its serial port, which must never be able to open them, and not the user who runs QEMU.
 *
 * Returns: whether it says who gets its controllers, where a virtual machine may switch to it
 */
gboolean
pf_profile_check_guest (const PfProfile *profile, GError **error)
{
  if (!profile->guest_may_switch || profile->controllers->len == 0 || profile->vfio_user != NULL)
    return TRUE;
  g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_PROFILE,
                       "A profile with controllers to which a virtual machine may switch has to name the user who runs "
                       "the virtual machine (VfioUser).");
  return FALSE;
}

/**
 * pf_confirm_to_string:
 * @confirm: when a switch waits for confirmation
 *
 * Returns: (transfer none): its name
 */
const char *
pf_confirm_to_string (PfConfirm confirm)
{
  return confirm_names[confirm];
}

/**
 * pf_on_vm_exit_to_string:
 * @on_vm_exit: what is done when the VM goes away
 *
 * Returns: (transfer none): its name
 */
const char *
pf_on_vm_exit_to_string (PfOnVmExit on_vm_exit)
{
  return on_vm_exit_names[on_vm_exit];
}

/**
 * pf_on_vm_exit_decide:
 * @profile: (nullable): the profile in force; NULL when its file is gone
 * @input_is_lent: a keyboard or pointer may be with the guest
 *
 * Returns: what to do when the VM goes away; never PF_ON_VM_EXIT_AUTO
 */
PfOnVmExit
pf_on_vm_exit_decide (const PfProfile *profile, gboolean input_is_lent)
{
  if (profile != NULL && profile->on_vm_exit != PF_ON_VM_EXIT_AUTO)
    return profile->on_vm_exit;
  return input_is_lent ? PF_ON_VM_EXIT_HOME : PF_ON_VM_EXIT_KEEP;
}
