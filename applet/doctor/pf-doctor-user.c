/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-doctor-checks.h"

#define GIB (G_GUINT64_CONSTANT (1) << 30)
#define KIB 1024
/* What a guest's process locks besides the guest's memory: its display's and its firmware's, and devices'
 * own. libvirt allows as much (qemu_domain.c, qemuDomainGetMemLockLimitBytes). */
#define BESIDES GIB

/* Returns: (transfer full): the line for limits.conf, and what it allows */
static char *
advise_limit (guint64 wanted)
{
  g_autofree char *line = g_strdup_printf ("@kvm - memlock %" G_GUINT64_FORMAT, wanted / KIB);
  g_autofree char *amount = g_format_size_full (wanted, G_FORMAT_SIZE_IEC_UNITS);

  return g_strdup_printf (
      /* Translators: a line of a configuration file, and an amount of memory, as "16.0 GiB" */
      _ ("Where you start QEMU yourself: put the line “%s” (that is %s; take the memory of the "
         "guest and a little more) into /etc/security/limits.d/portferry.conf, join the group "
         "kvm, and log in again."),
      line, amount);
}

/* There is a guest to measure by. */
static void
compare_with_guest (GPtrArray *findings, const PfDoctorFacts *facts, char *what)
{
  g_autofree char *memory = g_format_size_full (facts->guest_memory, G_FORMAT_SIZE_IEC_UNITS);
  const char *name = facts->guest_name != NULL ? facts->guest_name : "QEMU";
  g_autofree char *meaning = NULL;
  g_autofree char *advice = NULL;

  if (facts->memlock >= facts->guest_memory + BESIDES)
    {
      meaning = g_strdup_printf (
          /* Translators: the name of a virtual machine, and its memory */
          _ ("That is enough for the virtual machine that you run (%s, with %s) to take what is lent."), name,
          memory);
      pf_doctor_add (findings, PF_DOCTOR_OK, "memlock", what, meaning, NULL);
      return;
    }
  meaning = g_strdup_printf (
      /* Translators: the name of a virtual machine, and its memory */
      _ ("The virtual machine that you run (%s, with %s) cannot take what is lent: it has to lock all of its "
         "memory, and a little more."),
      name, memory);
  advice = advise_limit (facts->guest_memory + BESIDES);
  pf_doctor_add (findings, PF_DOCTOR_WARNING, "memlock", what, meaning, advice);
}

/* There is none: what the limit allows is told, and half of this machine's memory is what one might give
 * away. */
static void
tell_largest_guest (GPtrArray *findings, const PfDoctorFacts *facts, char *what)
{
  guint64 wanted = MAX (facts->memory / 2, 2 * GIB) + BESIDES;
  guint64 largest = facts->memlock > BESIDES ? facts->memlock - BESIDES : 0;
  g_autofree char *amount = g_format_size_full (largest, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *meaning = NULL;
  g_autofree char *advice = NULL;

  if (largest == 0)
    meaning = g_strdup (
        _ ("Virtual machines of libvirt's system service are not concerned. One that you start yourself "
           "with QEMU cannot take what is lent: it has to lock all of its memory."));
  else
    meaning = g_strdup_printf (_ ("A virtual machine with up to %s of memory, which you start yourself with "
                                  "QEMU, can take what is lent. "
                                  "Those of libvirt's system service are not concerned."),
                               amount);
  if (facts->memlock < wanted)
    advice = advise_limit (wanted);
  pf_doctor_add (findings, advice != NULL ? PF_DOCTOR_HINT : PF_DOCTOR_OK, "memlock", what, meaning, advice);
}

/**
 * pf_doctor_check_memlock:
 *
 * A guest's memory is locked while a device is lent to it (Linux, vfio_iommu_type1.c). libvirt's system
 * service raises the limit itself; a QEMU that a user starts has the user's.
 */
void
pf_doctor_check_memlock (GPtrArray *findings, const PfDoctorFacts *facts)
{
  g_autofree char *limit = NULL;
  char *what;

  if (facts->memlock == G_MAXUINT64)
    {
      pf_doctor_add (findings, PF_DOCTOR_OK, "memlock", g_strdup (_ ("You may lock any amount of memory.")),
                     _ ("A virtual machine that you start yourself with QEMU can take what is lent."), NULL);
      return;
    }
  limit = g_format_size_full (facts->memlock, G_FORMAT_SIZE_IEC_UNITS);
  what = g_strdup_printf (_ ("You may lock %s of memory."), limit);
  if (facts->guest_memory > 0)
    compare_with_guest (findings, facts, what);
  else
    tell_largest_guest (findings, facts, what);
}

/**
 * pf_doctor_check_helper:
 *
 * Whether the root half is there, and what it says of itself.
 */
void
pf_doctor_check_helper (GPtrArray *findings, const PfDoctorFacts *facts)
{
  const char *message = facts->helper_message != NULL ? facts->helper_message : "";

  switch (facts->helper)
    {
    case PF_DOCTOR_HELPER_FORBIDDEN:
      pf_doctor_add (findings, PF_DOCTOR_PROBLEM, "helper",
                     g_strdup_printf (_ ("You may not talk to the helper. %s"), message),
                     _ ("Nothing can be lent."),
                     _ ("Look for an own policy in /etc/dbus-1/system.d, or install Portferry anew."));
      break;
    case PF_DOCTOR_HELPER_FAILED:
      pf_doctor_add (
          findings, PF_DOCTOR_PROBLEM, "helper",
          g_strdup_printf (_ ("The helper does not answer. %s"), message), _ ("Nothing can be lent."),
          _ ("“systemctl status portferry” and “journalctl -u portferry” say more. Where the unit is not "
             "known, install Portferry anew."));
      break;
    case PF_DOCTOR_HELPER_READY:
      if (facts->problem != NULL && *facts->problem != '\0')
        pf_doctor_add (findings, PF_DOCTOR_WARNING, "helper", g_strdup (facts->problem),
                       _ ("The helper is there, and says this itself."), NULL);
      else
        pf_doctor_add (findings, PF_DOCTOR_OK, "helper", g_strdup (_ ("The helper answers.")),
                       _ ("It does what needs root's privilege, and ends when nothing is lent."), NULL);
      break;
    }
}

/**
 * pf_doctor_check_permission:
 *
 * What polkit says to switching.
 */
void
pf_doctor_check_permission (GPtrArray *findings, const PfDoctorFacts *facts)
{
  switch (facts->permission)
    {
    case PF_DOCTOR_PERMISSION_UNKNOWN:
      pf_doctor_add (findings, PF_DOCTOR_WARNING, "permission", g_strdup (_ ("polkit does not answer.")),
                     _ ("Whoever is not root cannot switch."),
                     _ ("Install polkitd, or look at “systemctl status polkit”."));
      break;
    case PF_DOCTOR_PERMISSION_YES:
      pf_doctor_add (findings, PF_DOCTOR_OK, "permission",
                     g_strdup (_ ("You may switch without a password.")),
                     _ ("Profiles are made and changed with an administrator's password."), NULL);
      break;
    case PF_DOCTOR_PERMISSION_PASSWORD:
      pf_doctor_add (
          findings, PF_DOCTOR_HINT, "permission",
          g_strdup (_ ("You may switch with an administrator's password.")),
          _ ("So it is for whoever does not sit at the machine, as over SSH, or in the background."),
          _ ("Sit at the machine, or let an administrator write a polkit rule for "
             "org.portferry.apply-profile."));
      break;
    case PF_DOCTOR_PERMISSION_NO:
      pf_doctor_add (findings, PF_DOCTOR_PROBLEM, "permission", g_strdup (_ ("You may not switch.")),
                     _ ("polkit denies org.portferry.apply-profile."),
                     _ ("Look at polkit's rules in /etc/polkit-1/rules.d, or ask the administrator."));
      break;
    }
}

/* Icons of libayatana-appindicator have a menu and no “Activate”, and MATE's and LXQt's panel call nothing
 * else on a left click. */
static gboolean
wants_right_click (const PfDoctorFacts *facts)
{
  return pf_doctor_facts_is_of_desktop (facts, "MATE") || pf_doctor_facts_is_of_desktop (facts, "LXQt");
}

/**
 * pf_doctor_check_tray_host:
 *
 * Whether the desktop has a place for the icon.
 */
void
pf_doctor_check_tray_host (GPtrArray *findings, const PfDoctorFacts *facts)
{
  const char *advice = _ ("Add a panel with a system tray, or the panel's tray plugin (“Status Notifier”, "
                          "“AppIndicator”). Until then use portferryctl and the keyboard shortcut.");

  if (!facts->has_session)
    return;
  if (facts->has_tray_host)
    {
      pf_doctor_add (
          findings, PF_DOCTOR_OK, "tray-host", g_strdup (_ ("This desktop shows tray icons.")),
          wants_right_click (facts)
              ? _ ("Portferry's icon can be seen. A right click opens its menu; this panel does nothing on a "
                   "left click.")
              : _ ("Portferry's icon can be seen."),
          NULL);
      return;
    }
  if (facts->has_x_tray)
    {
      pf_doctor_add (findings, PF_DOCTOR_OK, "tray-host",
                     g_strdup (_ ("This desktop shows tray icons of the older kind (XEmbed).")),
                     _ ("Portferry's icon can be seen."), NULL);
      return;
    }
  if (pf_doctor_facts_is_of_desktop (facts, "GNOME"))
    advice
        = _ ("GNOME needs its extension “AppIndicator and KStatusNotifierItem Support”: install the package "
             "gnome-shell-extension-appindicator, log in again, and turn it on in Extensions.");
  pf_doctor_add (
      findings, PF_DOCTOR_WARNING, "tray-host",
      g_strdup (_ ("Nothing on this desktop shows tray icons (there is no StatusNotifierWatcher).")),
      _ ("Portferry's icon and its menu cannot be seen."), advice);
}

/**
 * pf_doctor_check_notifications:
 *
 * Whether the question to keep or revert can be seen.
 */
void
pf_doctor_check_notifications (GPtrArray *findings, const PfDoctorFacts *facts)
{
  if (!facts->has_session)
    return;
  if (facts->has_notifications)
    pf_doctor_add (findings, PF_DOCTOR_OK, "notifications",
                   g_strdup (_ ("This desktop shows notifications.")),
                   _ ("You are told of what was switched, and asked whether to keep it."), NULL);
  else
    pf_doctor_add (
        findings, PF_DOCTOR_WARNING, "notifications",
        g_strdup (_ ("Nothing on this desktop shows notifications.")),
        _ ("What was switched is not told. Whether to keep it is asked by a small window, and in the menu."),
        _ ("Install a notification server, for example the package dunst, xfce4-notifyd or "
           "mate-notification-daemon."));
}
