/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tells how long a message is, and how long that may be together with its header fields (D-Bus
 * specification, “Message Protocol”). */
#define PF_MESSAGE_HEAD_SIZE 16
#define PF_MESSAGE_MAX_FIELDS 4096

/**
 * PfMessageHead:
 * @is_call: whether it calls a method
 * @serial: of the message
 * @fields: length of the header fields with the padding behind them, in bytes
 * @body: length of the body, in bytes
 *
 * The first 16 bytes of a D-Bus message.
 */
typedef struct
{
  gboolean is_call;
  guint32 serial;
  guint64 fields;
  guint64 body;
} PfMessageHead;

gboolean pf_message_head_parse (const guint8 bytes[PF_MESSAGE_HEAD_SIZE], PfMessageHead *head);
char *pf_message_head_find_sender (const guint8 *message, gsize length);

G_END_DECLS
