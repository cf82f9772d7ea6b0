/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PfNoticeKind:
 * @PF_NOTICE_NEWS: may be missed
 * @PF_NOTICE_FAILURE: something was not done
 * @PF_NOTICE_ALARM: the same, and it must not be missed
 * @PF_NOTICE_QUESTION: waits for an answer
 *
 * How a notice looks, and how long it stays.
 */
typedef enum
{
  PF_NOTICE_NEWS,
  PF_NOTICE_FAILURE,
  PF_NOTICE_ALARM,
  PF_NOTICE_QUESTION,
} PfNoticeKind;

#define PF_TYPE_NOTICE (pf_notice_get_type ())
G_DECLARE_FINAL_TYPE (PfNotice, pf_notice, PF, NOTICE, GObject)

/**
 * PfNotice:
 *
 * One place among the notifications of the desktop: what is shown there replaces what was. It talks to
 * org.freedesktop.Notifications itself. GApplication would on GNOME talk to another service, which drops
 * without a word whatever comes from a program with no desktop file in the system.
 *
 * Signals:
 *  - `pressed` (PfNotice *, const char *action): a person pressed a button of what is shown
 *  - `lost` (PfNotice *): what was to be shown is not on the screen, and no person has put it away
 */
PfNotice *pf_notice_new (GDBusConnection *bus);
void pf_notice_show (
    PfNotice *notice, const char *title, const char *body, PfNoticeKind kind, const char *const *buttons);
void pf_notice_close (PfNotice *notice);
gboolean pf_notice_is_taken (PfNotice *notice);

G_END_DECLS
