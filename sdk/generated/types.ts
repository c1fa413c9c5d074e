// The shapes of the API. Made from its OpenAPI document by "npm run sdk-types": do not edit.

/** A contact card. */
export interface ContactCard {
  /** The name of the contact. */
  name: {
    /** The whole name, as the recipient sees it. */
    formatted_name: string;
    /** The first name. */
    first_name?: string | null | undefined;
    /** The last name. */
    last_name?: string | null | undefined;
    /** The middle name. */
    middle_name?: string | null | undefined;
    /** The words before the name. */
    prefix?: string | null | undefined;
    /** The words behind the name. */
    suffix?: string | null | undefined;
  };
  /** The phone numbers. */
  phones?: Array<{
    /** The number. */
    phone?: string | null | undefined;
    /** The kind, such as HOME or WORK. */
    type?: string | null | undefined;
    /** The WhatsApp id: the digits of the number. With it, the card has a button to write to it. */
    wa_id?: string | null | undefined;
  }> | null | undefined;
  /** The email addresses. */
  emails?: Array<{
    /** The address. */
    email?: string | null | undefined;
    /** The kind, such as HOME or WORK. */
    type?: string | null | undefined;
  }> | null | undefined;
  /** The postal addresses. */
  addresses?: Array<{
    /** Street and number. */
    street?: string | null | undefined;
    /** The city. */
    city?: string | null | undefined;
    /** The state. */
    state?: string | null | undefined;
    /** The postal code. */
    zip?: string | null | undefined;
    /** The country. */
    country?: string | null | undefined;
    /** The country code of two letters. */
    country_code?: string | null | undefined;
    /** The kind, such as HOME or WORK. */
    type?: string | null | undefined;
  }> | null | undefined;
  /** The organization. */
  org?: {
    /** The company. */
    company?: string | null | undefined;
    /** The department. */
    department?: string | null | undefined;
    /** The position of the person. */
    title?: string | null | undefined;
  } | null | undefined;
  /** The web pages. */
  urls?: Array<{
    /** The address of the page. */
    url?: string | null | undefined;
    /** The kind, such as HOME or WORK. */
    type?: string | null | undefined;
  }> | null | undefined;
  /** The date of birth. */
  birthday?: string | null | undefined;
}

export interface ImageContent {
  /** The id of a file. */
  id?: string | null | undefined;
  /** The link from which WhatsApp downloads the file. */
  link?: string | null | undefined;
  /** The text below the file. */
  caption?: string | null | undefined;
}

export interface VideoContent {
  /** The id of a file. */
  id?: string | null | undefined;
  /** The link from which WhatsApp downloads the file. */
  link?: string | null | undefined;
  /** The text below the file. */
  caption?: string | null | undefined;
}

export interface AudioContent {
  /** The id of a file. */
  id?: string | null | undefined;
  /** The link from which WhatsApp downloads the file. */
  link?: string | null | undefined;
  /** True for a voice note. Recado converts its own files to ogg/opus; a link must lead to one. */
  voice?: boolean | null | undefined;
}

export interface DocumentContent {
  /** The id of a file. */
  id?: string | null | undefined;
  /** The link from which WhatsApp downloads the file. */
  link?: string | null | undefined;
  /** The text below the file. */
  caption?: string | null | undefined;
  /** The file name that the recipient sees. */
  filename?: string | null | undefined;
}

export interface StickerContent {
  /** The id of a file. */
  id?: string | null | undefined;
  /** The link from which WhatsApp downloads the file. */
  link?: string | null | undefined;
}

export interface CardContent {
  /** The position of the card, from 0. */
  card_index: number;
  /** For a card with a link button. */
  type?: 'cta_url' | null | undefined;
  /** The picture or the video of the card. */
  header: {
    /** The kind of the header. */
    type: 'image';
    /** The picture. */
    image: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'video';
    /** The video. */
    video: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  };
  /** The text of the card. */
  body?: {
    /** The text, of at most two line breaks. */
    text: string;
  } | null | undefined;
  /** The link button, or the reply buttons. */
  action: {
    /** The name of the action. */
    name: 'cta_url';
    /** The button. */
    parameters: {
      /** The text on the button. */
      display_text: string;
      /** The link that the button opens. */
      url: string;
    };
  } | {
    /** The buttons. */
    buttons: Array<{
      /** The kind of the button. */
      type: 'quick_reply';
      /** The button. */
      quick_reply: {
        /** Your own id of the button. It comes back when the person presses it. */
        id: string;
        /** The text on the button. */
        title: string;
      };
    }>;
  };
}

export interface ButtonsContent {
  /** Reply buttons. */
  type: 'button';
  /** The header: a text, a picture, a video or a document. */
  header?: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  } | {
    /** The kind of the header. */
    type: 'image';
    /** The picture. */
    image: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'video';
    /** The video. */
    video: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'document';
    /** The document. */
    document: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
      /** The file name that the recipient sees. */
      filename?: string | null | undefined;
    };
  } | null | undefined;
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The buttons. */
  action: {
    /** The buttons. */
    buttons: Array<{
      /** The kind of the button. */
      type: 'reply';
      /** The button. */
      reply: {
        /** Your own id of the button. It comes back when the person presses it. */
        id: string;
        /** The text on the button. */
        title: string;
      };
    }>;
  };
}

export interface ListContent {
  /** A list to choose from. */
  type: 'list';
  /** The header: a text. */
  header?: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  } | null | undefined;
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The list. */
  action: {
    /** The text on the button that opens the list. */
    button: string;
    /** The sections. */
    sections: Array<{
      /** The title of the section. Required if there are more sections. */
      title?: string | null | undefined;
      /** The rows. */
      rows: Array<{
        /** Your own id of the row. It comes back when the person chooses it. */
        id: string;
        /** The text of the row. */
        title: string;
        /** The small text of the row. */
        description?: string | null | undefined;
      }>;
    }>;
  };
}

export interface LinkButtonContent {
  /** A button that opens a link. */
  type: 'cta_url';
  /** The header: a text, a picture, a video or a document. */
  header?: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  } | {
    /** The kind of the header. */
    type: 'image';
    /** The picture. */
    image: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'video';
    /** The video. */
    video: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'document';
    /** The document. */
    document: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
      /** The file name that the recipient sees. */
      filename?: string | null | undefined;
    };
  } | null | undefined;
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The button. */
  action: {
    /** The name of the action. */
    name: 'cta_url';
    /** The button. */
    parameters: {
      /** The text on the button. */
      display_text: string;
      /** The link that the button opens. */
      url: string;
    };
  };
}

export interface FlowContent {
  /** A button that opens a form of WhatsApp Flows. */
  type: 'flow';
  /** The header: a text, a picture, a video or a document. */
  header?: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  } | {
    /** The kind of the header. */
    type: 'image';
    /** The picture. */
    image: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'video';
    /** The video. */
    video: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'document';
    /** The document. */
    document: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
      /** The file name that the recipient sees. */
      filename?: string | null | undefined;
    };
  } | null | undefined;
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The button. */
  action: {
    /** The name of the action. */
    name: 'flow';
    /** The flow. */
    parameters: {
      /** The version of the message. */
      flow_message_version: '3';
      /** The id of the flow at Meta. */
      flow_id?: string | null | undefined;
      /** The name of the flow at Meta. */
      flow_name?: string | null | undefined;
      /** The text on the button. */
      flow_cta: string;
      /** Your own id of this use of the flow. It comes back with the answer. */
      flow_token?: string | null | undefined;
      /** The state of the flow at Meta. Default: published. */
      mode?: 'published' | 'draft' | null | undefined;
      /** The opening of the flow: by its first screen, or by your endpoint. Default: navigate. */
      flow_action?: 'navigate' | 'data_exchange' | null | undefined;
      /** The first screen and its data, for the action navigate. */
      flow_action_payload?: {
        /** The first screen. */
        screen: string;
        /** The data of the first screen. */
        data?: Record<string, unknown> | null | undefined;
      } | null | undefined;
    };
  };
}

export interface LocationRequestContent {
  /** A button that asks for the location. */
  type: 'location_request_message';
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The button. */
  action: {
    /** The name of the action. */
    name: 'send_location';
  };
}

export interface ContactRequestContent {
  /** A button that asks for the phone number. */
  type: 'request_contact_info';
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The button. */
  action: {
    /** The name of the action. */
    name: 'request_contact_info';
  };
}

export interface CarouselContent {
  /** Cards to swipe through. */
  type: 'carousel';
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The cards. */
  action: {
    /** The cards, in their order. */
    cards: CardContent[];
  };
}

export interface ProductContent {
  /** One product of a catalog. */
  type: 'product';
  /** The text of the message. */
  body?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The product. */
  action: {
    /** The id of the catalog at Meta, which must belong to the business account. */
    catalog_id: string;
    /** Your own id of the product in the catalog (SKU). */
    product_retailer_id: string;
  };
}

export interface ProductListContent {
  /** Products of a catalog. */
  type: 'product_list';
  /** The header: a text. */
  header: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  };
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The products. */
  action: {
    /** The id of the catalog at Meta, which must belong to the business account. */
    catalog_id: string;
    /** The sections. */
    sections: Array<{
      /** The title of the section. Required if there are more sections. */
      title?: string | null | undefined;
      /** The products. */
      product_items: Array<{
        /** Your own id of the product in the catalog (SKU). */
        product_retailer_id: string;
      }>;
    }>;
  };
}

export interface CatalogContent {
  /** A button that opens the catalog. */
  type: 'catalog_message';
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The button. */
  action: {
    /** The name of the action. */
    name: 'catalog_message';
    /** The picture. */
    parameters?: {
      /** The product whose picture is shown. Default: the first one of the catalog. */
      thumbnail_product_retailer_id?: string | null | undefined;
    } | null | undefined;
  };
}

export interface AddressContent {
  /** A form for an address. */
  type: 'address_message';
  /** The header: a text, a picture, a video or a document. */
  header?: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  } | {
    /** The kind of the header. */
    type: 'image';
    /** The picture. */
    image: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'video';
    /** The video. */
    video: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'document';
    /** The document. */
    document: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
      /** The file name that the recipient sees. */
      filename?: string | null | undefined;
    };
  } | null | undefined;
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The form. */
  action: {
    /** The name of the action. */
    name: 'address_message';
    /** The form. */
    parameters: {
      /** The country of the address. WhatsApp offers it in some countries only. */
      country: string;
      /** The values that fill the form. */
      values?: Record<string, string> | null | undefined;
      /** Addresses that the person may choose from. */
      saved_addresses?: Array<{
        /** Your own id of the address. */
        id: string;
        /** The address. */
        value: Record<string, string>;
      }> | null | undefined;
      /** The errors of the address, by field. */
      validation_errors?: Record<string, string> | null | undefined;
    };
  };
}

export interface CallButtonContent {
  /** A button that calls the business on WhatsApp. */
  type: 'voice_call';
  /** The header: a text, a picture, a video or a document. */
  header?: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  } | {
    /** The kind of the header. */
    type: 'image';
    /** The picture. */
    image: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'video';
    /** The video. */
    video: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'document';
    /** The document. */
    document: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
      /** The file name that the recipient sees. */
      filename?: string | null | undefined;
    };
  } | null | undefined;
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The button. */
  action: {
    /** The name of the action. */
    name: 'voice_call';
    /** The button. */
    parameters?: {
      /** The text on the button. */
      display_text?: string | null | undefined;
      /** How long the button works. Default: 7 days. */
      ttl_minutes?: number | null | undefined;
      /** Your own text. It comes with the call. */
      payload?: string | null | undefined;
    } | null | undefined;
  };
}

export interface CallPermissionContent {
  /** A question whether the business may call. */
  type: 'call_permission_request';
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The question. */
  action: {
    /** The name of the action. */
    name: 'call_permission_request';
  };
}

export interface OrderDetailsContent {
  /** An order to review and pay. */
  type: 'order_details';
  /** The header: a text, a picture, a video or a document. */
  header?: {
    /** The kind of the header. */
    type: 'text';
    /** The text. */
    text: string;
  } | {
    /** The kind of the header. */
    type: 'image';
    /** The picture. */
    image: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'video';
    /** The video. */
    video: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
    };
  } | {
    /** The kind of the header. */
    type: 'document';
    /** The document. */
    document: {
      /** The id of a file. */
      id?: string | null | undefined;
      /** The link from which WhatsApp downloads the file. */
      link?: string | null | undefined;
      /** The file name that the recipient sees. */
      filename?: string | null | undefined;
    };
  } | null | undefined;
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The order. */
  action: {
    /** The name of the action. */
    name: 'review_and_pay';
    /** The order and how it is paid. */
    parameters: {
      /** Your own id of the order. It comes back with the payment. */
      reference_id: string;
      /** The kind of goods. */
      type: 'digital-goods' | 'physical-goods';
      /** The ISO 4217 code of the currency. */
      currency: string;
      /** The sum to pay. */
      total_amount: {
        /** The amount, multiplied by `offset`. */
        value: number;
        /** The factor of the amount: 100 for a currency with cents. */
        offset: number;
      };
      /** The way to pay, such as upi or br. */
      payment_type?: string | null | undefined;
      /** The name of the payment configuration at Meta. */
      payment_configuration?: string | null | undefined;
      /** The ways to pay, with the fields of Meta. */
      payment_settings?: Array<Record<string, unknown>> | null | undefined;
      /** Who gets the goods, with the fields of Meta. */
      beneficiaries?: Array<Record<string, unknown>> | null | undefined;
      /** The order. */
      order: {
        /** The state of the order. */
        status: 'pending';
        /** The id of the catalog at Meta, which must belong to the business account. */
        catalog_id?: string | null | undefined;
        /** Until when it can be paid, with the fields of Meta. */
        expiration?: Record<string, unknown> | null | undefined;
        /** The items of the order. */
        items: Array<{
          /** Your own id of the product. */
          retailer_id?: string | null | undefined;
          /** The name of the product. */
          name: string;
          /** The picture of the product. */
          image?: {
            /** The link to the picture. */
            link: string;
          } | null | undefined;
          /** The price of one. */
          amount: {
            /** The amount, multiplied by `offset`. */
            value: number;
            /** The factor of the amount: 100 for a currency with cents. */
            offset: number;
          };
          /** The reduced price of one. */
          sale_amount?: {
            /** The amount, multiplied by `offset`. */
            value: number;
            /** The factor of the amount: 100 for a currency with cents. */
            offset: number;
          } | null | undefined;
          /** The number of pieces. */
          quantity: number;
          /** The country that the product comes from. */
          country_of_origin?: string | null | undefined;
          /** The name of the importer. */
          importer_name?: string | null | undefined;
          /** The address of the importer, with the fields of Meta. */
          importer_address?: Record<string, unknown> | null | undefined;
        }>;
        /** The sum of the items. */
        subtotal: {
          /** The amount, multiplied by `offset`. */
          value: number;
          /** The factor of the amount: 100 for a currency with cents. */
          offset: number;
        };
        /** The tax. */
        tax?: {
          /** The amount, multiplied by `offset`. */
          value: number;
          /** The factor of the amount: 100 for a currency with cents. */
          offset: number;
          /** The purpose of the amount. */
          description?: string | null | undefined;
          /** The name of the discount program. */
          discount_program_name?: string | null | undefined;
        } | null | undefined;
        /** The cost of shipping. */
        shipping?: {
          /** The amount, multiplied by `offset`. */
          value: number;
          /** The factor of the amount: 100 for a currency with cents. */
          offset: number;
          /** The purpose of the amount. */
          description?: string | null | undefined;
          /** The name of the discount program. */
          discount_program_name?: string | null | undefined;
        } | null | undefined;
        /** The discount. */
        discount?: {
          /** The amount, multiplied by `offset`. */
          value: number;
          /** The factor of the amount: 100 for a currency with cents. */
          offset: number;
          /** The purpose of the amount. */
          description?: string | null | undefined;
          /** The name of the discount program. */
          discount_program_name?: string | null | undefined;
        } | null | undefined;
      };
    };
  };
}

export interface OrderStatusContent {
  /** The state of an order that was sent before. */
  type: 'order_status';
  /** The text of the message. */
  body: {
    /** The text. */
    text: string;
  };
  /** The small text below. */
  footer?: {
    /** The text. */
    text: string;
  } | null | undefined;
  /** The order. */
  action: {
    /** The name of the action. */
    name: 'review_order';
    /** The order. */
    parameters: {
      /** The id that you gave the order. */
      reference_id: string;
      /** The order. */
      order: {
        /** The state of the order. */
        status: 'pending' | 'processing' | 'partially_shipped' | 'shipped' | 'completed' | 'canceled';
        /** A remark on the state. */
        description?: string | null | undefined;
      };
    };
  };
}

export type InteractiveContent = ButtonsContent | ListContent | LinkButtonContent | FlowContent | LocationRequestContent | ContactRequestContent | CarouselContent | ProductContent | ProductListContent | CatalogContent | AddressContent | CallButtonContent | CallPermissionContent | OrderDetailsContent | OrderStatusContent;

export interface LocationContent {
  /** The latitude in degrees. */
  latitude: number;
  /** The longitude in degrees. */
  longitude: number;
  /** The name of the place. */
  name?: string | null | undefined;
  /** The address of the place. */
  address?: string | null | undefined;
}

export interface ReactionContent {
  /** The message to react to. */
  message_id: string;
  /** The emoji. Null or an empty text removes the reaction. */
  emoji: string | null;
}

export interface TemplateTextParameter {
  /** A text. */
  type: 'text';
  /** The value of the variable. */
  text: string;
  /** The name of the variable. Only for templates with named variables. */
  parameter_name?: string | null | undefined;
}

export interface TemplateCurrencyParameter {
  /** An amount of money. */
  type: 'currency';
  /** The amount. */
  currency: {
    /** The amount as text. */
    fallback_value: string;
    /** The ISO 4217 code of the currency. */
    code: string;
    /** The amount, multiplied by 1000. */
    amount_1000: number;
  };
  /** The name of the variable. Only for templates with named variables. */
  parameter_name?: string | null | undefined;
}

export interface TemplateDateParameter {
  /** A date and time. */
  type: 'date_time';
  /** The date and time. */
  date_time: {
    /** The date as text. */
    fallback_value: string;
  };
  /** The name of the variable. Only for templates with named variables. */
  parameter_name?: string | null | undefined;
}

export interface TemplateImageParameter {
  /** An image. */
  type: 'image';
  /** The image. */
  image: {
    /** The id of a file. */
    id?: string | null | undefined;
    /** The link from which WhatsApp downloads the file. */
    link?: string | null | undefined;
  };
}

export interface TemplateVideoParameter {
  /** A video. */
  type: 'video';
  /** The video. */
  video: {
    /** The id of a file. */
    id?: string | null | undefined;
    /** The link from which WhatsApp downloads the file. */
    link?: string | null | undefined;
  };
}

export interface TemplateGifParameter {
  /** A GIF: a video that WhatsApp plays without sound, again and again. */
  type: 'gif';
  /** The video. */
  gif: {
    /** The id of a file. */
    id?: string | null | undefined;
    /** The link from which WhatsApp downloads the file. */
    link?: string | null | undefined;
  };
}

export interface TemplateProductParameter {
  /** A product of a catalog. */
  type: 'product';
  /** The product. */
  product: {
    /** Your own id of the product in the catalog (SKU). */
    product_retailer_id: string;
    /** The id of the catalog at Meta. */
    catalog_id: string;
  };
}

export interface TemplateDocumentParameter {
  /** A document. */
  type: 'document';
  /** The document. */
  document: {
    /** The id of a file. */
    id?: string | null | undefined;
    /** The link from which WhatsApp downloads the file. */
    link?: string | null | undefined;
    /** The file name that the recipient sees. */
    filename?: string | null | undefined;
  };
}

export interface TemplateLocationParameter {
  /** A place. */
  type: 'location';
  /** The place. */
  location: {
    /** Degrees north. */
    latitude: number;
    /** Degrees east. */
    longitude: number;
    /** The name of the place. */
    name?: string | null | undefined;
    /** The address of the place. */
    address?: string | null | undefined;
  };
}

export interface TemplateHeaderValues {
  /** The header. */
  type: 'header';
  /** The value of the header: one text, file, product or location. */
  parameters: Array<TemplateTextParameter | TemplateImageParameter | TemplateVideoParameter | TemplateGifParameter | TemplateProductParameter | TemplateDocumentParameter | TemplateLocationParameter>;
}

export interface TemplateBodyValues {
  /** The body. */
  type: 'body';
  /** The values of the variables, in their order or by name. */
  parameters: Array<TemplateTextParameter | TemplateCurrencyParameter | TemplateDateParameter>;
}

export interface TemplateUrlParameter {
  /** The end of the link. */
  type: 'text';
  /** What replaces the variable of the link. */
  text: string;
}

export interface TemplatePayloadParameter {
  /** What the answer of a quick reply contains. */
  type: 'payload';
  /** The payload of the answer. */
  payload: string;
}

export interface TemplateCouponParameter {
  /** A code to copy. */
  type: 'coupon_code';
  /** The code that the button copies. */
  coupon_code: string;
}

export interface TemplateCallParameter {
  /** How long a call button works. */
  type: 'ttl_minutes';
  /** How long the button works, in minutes. */
  ttl_minutes: number;
}

export interface TemplateActionParameter {
  /** The action of a flow, catalog, product list or order. */
  type: 'action';
  /** The action, with the fields of Meta. */
  action: Record<string, unknown>;
}

export interface TemplateButtonValue {
  /** A button. */
  type: 'button';
  /** The kind of button. */
  sub_type:
    | 'quick_reply'
    | 'url'
    | 'copy_code'
    | 'flow'
    | 'catalog'
    | 'mpm'
    | 'voice_call'
    | 'order_details';
  /** The position of the button, from 0. */
  index: string;
  /** The value of the button. A call button may have both ttl_minutes and payload. */
  parameters: Array<TemplateUrlParameter | TemplatePayloadParameter | TemplateCouponParameter | TemplateCallParameter | TemplateActionParameter>;
}

export interface TemplateOfferValue {
  /** The offer. */
  type: 'limited_time_offer';
  /** The end of the offer. */
  parameters: Array<{
    /** The end of the offer. */
    type: 'limited_time_offer';
    /** The end of the offer. */
    limited_time_offer: {
      /** The end of the offer, in milliseconds since 1970. */
      expiration_time_ms: number;
    };
  }>;
}

export interface TemplateCardValues {
  /** The position of the card, from 0. */
  card_index: number;
  /** The values of the card. */
  components: Array<TemplateHeaderValues | TemplateBodyValues | TemplateButtonValue>;
}

export interface TemplateCarouselValues {
  /** The cards. */
  type: 'carousel';
  /** The values of each card. */
  cards: TemplateCardValues[];
}

export interface TemplateContent {
  /** The name of the template. */
  name: string;
  /** The language of the template. */
  language: {
    /** The language of the template. */
    code: string;
    /** The only policy that WhatsApp knows. */
    policy?: 'deterministic' | null | undefined;
  };
  /** The values of the variables. Absent for a template without variables. */
  components?: Array<TemplateHeaderValues | TemplateBodyValues | TemplateButtonValue | TemplateOfferValue | TemplateCarouselValues> | null | undefined;
}

export interface TextContent {
  /** The text of the message. */
  body: string;
  /** True to show a preview of the first link in the text. */
  preview_url?: boolean | null | undefined;
}

export interface SendTextMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'text';
  text: TextContent;
}

export interface SendImageMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'image';
  image: ImageContent;
}

export interface SendVideoMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'video';
  video: VideoContent;
}

export interface SendAudioMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'audio';
  audio: AudioContent;
}

export interface SendDocumentMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'document';
  document: DocumentContent;
}

export interface SendStickerMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'sticker';
  sticker: StickerContent;
}

export interface SendLocationMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'location';
  location: LocationContent;
}

export interface SendContactsMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'contacts';
  /** The contact cards. */
  contacts: ContactCard[];
}

export interface SendReactionMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The type of the content. */
  type: 'reaction';
  reaction: ReactionContent;
}

export interface SendInteractiveMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The message that this one quotes. */
  context?: {
    /** A message of the same conversation that the channel knows. */
    message_id: string;
  } | null | undefined;
  /** The type of the content. */
  type: 'interactive';
  interactive: InteractiveContent;
}

export interface SendTemplateMessage {
  /** The id of an account. */
  account_id: string;
  /**
   * The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its
   * number, like 90823412345678@lid.
   */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
  /** The conversation to write in. */
  conversation_id?: string | null | undefined;
  /** The business-scoped user id of the recipient, for a person who hides their number. */
  user_id?: string | null | undefined;
  /** high: for one-time codes. low: for campaigns. Default: normal. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Recado does not send the message before this time. It is at most 24 hours ago and a year ahead. */
  send_at?: string | Date | null | undefined;
  /** Recado does not send the message at or after this time. */
  expires_at?: string | Date | null | undefined;
  /** How long Recado may send the message, in seconds after acceptance or `send_at`. */
  valid_for_seconds?: number | null | undefined;
  /** What Recado does with an unknown outcome. Default: the setting of the account. */
  on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
  /** What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account. */
  on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
  /** Options for WhatsApp beside the content, with its names of fields. */
  options?: {
    /** Whether Meta may use what people do with a marketing message. Default: the choice of the business. */
    message_activity_sharing?: boolean | null | undefined;
    /** The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs. */
    recipient_identity_key_hash?: string | null | undefined;
  } | null | undefined;
  /**
   * The newest message or note of the conversation that the writer has seen. If somebody else of you has written a
   * message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not
   * check.
   */
  last_seen_id?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The type of the content. */
  type: 'template';
  template: TemplateContent;
}

export type SendMessage = SendTextMessage | SendImageMessage | SendVideoMessage | SendAudioMessage | SendDocumentMessage | SendStickerMessage | SendLocationMessage | SendContactsMessage | SendReactionMessage | SendInteractiveMessage | SendTemplateMessage;

export interface CampaignVariable {
  /**
   * Where the value comes from: a built-in, a field of the contact, a kept column of an included import, or a constant.
   */
  from: 'built_in' | 'field' | 'column' | 'constant';
  /**
   * The name of the built-in (first_name, name, phone, reference, language, account_name, today), the key of the field
   * or the column, or the constant itself.
   */
  value: string;
  /** The value for people whose own is empty. Without it, they are left out as value_missing. */
  fallback?: string | null | undefined;
}

export interface CampaignMessage {
  /** The type of the message. Free content needs an open window, except on WhatsApp Web. */
  type:
    | 'template'
    | 'text'
    | 'image'
    | 'video'
    | 'audio'
    | 'document'
    | 'location'
    | 'interactive';
  template?: TemplateContent | null | undefined;
  text?: TextContent | null | undefined;
  image?: ImageContent | null | undefined;
  video?: VideoContent | null | undefined;
  audio?: AudioContent | null | undefined;
  document?: DocumentContent | null | undefined;
  location?: LocationContent | null | undefined;
  interactive?: InteractiveContent | null | undefined;
  /** The values of the placeholders: {{name}} in any text of the content stands for the variable name. */
  variables?: Record<string, CampaignVariable> | null | undefined;
  /** Of a template: whether each person gets it in their own language, where it exists. Default: false. */
  by_language?: boolean | null | undefined;
  /** With by_language: people of another language get the language of the template (default), or nothing. */
  without_language?: 'default' | 'leave_out' | null | undefined;
}

export interface CampaignVariant {
  /** How many percent of the people get this variant. */
  share: number;
  message: CampaignMessage;
}

export interface CampaignSourceInput extends CampaignSource {
}

export interface SegmentConditionInput extends SegmentCondition {
}

export interface TemplateHeader {
  /** The header. */
  type: 'HEADER';
  /** What the header shows. */
  format: 'TEXT' | 'IMAGE' | 'VIDEO' | 'GIF' | 'DOCUMENT' | 'LOCATION' | 'PRODUCT';
  /** The text of a header of format TEXT, with at most one variable. */
  text?: string | null | undefined;
  /** The sample that WhatsApp reviews. */
  example?: {
    /** A sample for the variable `{{1}}`. */
    header_text?: string[] | null | undefined;
    /** A sample for each named variable. */
    header_text_named_params?: Array<{
      /** The name of the variable. */
      param_name: string;
      /** A sample of its value. */
      example: string;
    }> | null | undefined;
    /** A file of yours as the sample. Recado uploads it to WhatsApp. */
    media_id?: string | null | undefined;
    /** The handle of a sample that is at WhatsApp already. */
    header_handle?: string[] | null | undefined;
  } | null | undefined;
}

export interface TemplateBody {
  /** The body. */
  type: 'BODY';
  /** The text, with variables. Absent for AUTHENTICATION, whose text WhatsApp writes. */
  text?: string | null | undefined;
  /** The samples that WhatsApp reviews. */
  example?: {
    /** A sample for each variable by position, in one list. */
    body_text?: Array<string[]> | null | undefined;
    /** A sample for each named variable. */
    body_text_named_params?: Array<{
      /** The name of the variable. */
      param_name: string;
      /** A sample of its value. */
      example: string;
    }> | null | undefined;
  } | null | undefined;
  /** For AUTHENTICATION: true to add a sentence that warns against sharing the code. */
  add_security_recommendation?: boolean | null | undefined;
}

export interface TemplateFooter {
  /** The footer. */
  type: 'FOOTER';
  /** The text, without variables. Absent for AUTHENTICATION. */
  text?: string | null | undefined;
  /** For AUTHENTICATION: how long the code is valid. */
  code_expiration_minutes?: number | null | undefined;
}

export interface TemplateQuickReply {
  /** Answers with its label. */
  type: 'QUICK_REPLY';
  /** The label of the button. */
  text: string;
}

export interface TemplateUrlButton {
  /** Opens a link. */
  type: 'URL';
  /** The label of the button. */
  text: string;
  /** The link. It may end with one variable. */
  url: string;
  /** A sample of the whole link, if it has a variable. */
  example?: string[] | null | undefined;
  /** Opens your Android app in place of the link. */
  app_deep_link?: {
    /** The id of your app at Meta. */
    meta_app_id: string;
    /** The link that opens your Android app. */
    android_deep_link: string;
    /** The page of the app in the Play Store, for phones without it. */
    android_fallback_playstore_url?: string | null | undefined;
  } | null | undefined;
}

export interface TemplatePhoneButton {
  /** Calls a number. */
  type: 'PHONE_NUMBER';
  /** The label of the button. */
  text: string;
  /** The number, with + and country code. */
  phone_number: string;
}

export interface TemplateCopyCodeButton {
  /** Copies a code. */
  type: 'COPY_CODE';
  /** A sample of the code. */
  example: string;
}

export interface TemplateOtpButton {
  /** Hands over a one-time code. */
  type: 'OTP';
  /** How the code gets into the app. */
  otp_type: 'COPY_CODE' | 'ONE_TAP' | 'ZERO_TAP';
  /** The label of the button. */
  text?: string | null | undefined;
  /** The label of the button that fills in the code. */
  autofill_text?: string | null | undefined;
  /** For ZERO_TAP: true if you accept its terms. */
  zero_tap_terms_accepted?: boolean | null | undefined;
  /** For ONE_TAP and ZERO_TAP: the Android apps that may take the code. */
  supported_apps?: Array<{
    /** The package name of the Android app. */
    package_name: string;
    /** The signature hash of the Android app. */
    signature_hash: string;
  }> | null | undefined;
}

export interface TemplateFlowButton {
  /** Opens a flow. */
  type: 'FLOW';
  /** The label of the button. */
  text: string;
  /** The id of the flow at WhatsApp. */
  flow_id?: string | null | undefined;
  /** The name of the flow at WhatsApp. */
  flow_name?: string | null | undefined;
  /** What the button does. Default: navigate. */
  flow_action?: 'navigate' | 'data_exchange' | null | undefined;
  /** The first screen, for navigate. */
  navigate_screen?: string | null | undefined;
}

export interface TemplateCatalogButton {
  /** Shows the catalog. */
  type: 'CATALOG';
  /** The label of the button. */
  text: string;
}

export interface TemplateProductsButton {
  /** Shows several products. */
  type: 'MPM';
  /** The label of the button. */
  text: string;
}

export interface TemplateProductButton {
  /** Shows one product. */
  type: 'SPM';
  /** The label of the button. */
  text: string;
}

export interface TemplateCallButton {
  /** Calls the business on WhatsApp. */
  type: 'VOICE_CALL';
  /** The label of the button. */
  text: string;
  /** How long the button works, in minutes. Default: 7 days. */
  ttl_minutes?: number | null | undefined;
}

export interface TemplateOrderButton {
  /** Shows an order to review and pay. */
  type: 'ORDER_DETAILS';
  /** The label of the button. */
  text: string;
}

export interface TemplateContactButton {
  /** Asks the person for their phone number. */
  type: 'REQUEST_CONTACT_INFO';
}

export interface TemplateButtons {
  /** The buttons. */
  type: 'BUTTONS';
  /** The buttons, in their order. */
  buttons: Array<TemplateQuickReply | TemplateUrlButton | TemplatePhoneButton | TemplateCopyCodeButton | TemplateOtpButton | TemplateFlowButton | TemplateCatalogButton | TemplateProductsButton | TemplateProductButton | TemplateCallButton | TemplateOrderButton | TemplateContactButton>;
}

export interface TemplateOffer {
  /** An offer that ends. */
  type: 'LIMITED_TIME_OFFER';
  /** The offer. */
  limited_time_offer: {
    /** The text of the offer. */
    text: string;
    /** True to show a countdown. */
    has_expiration?: boolean | null | undefined;
  };
}

export interface TemplateCallPermission {
  /** Asks whether the business may call. */
  type: 'CALL_PERMISSION_REQUEST';
}

export interface TemplateCarousel {
  /** Cards to swipe through. */
  type: 'CAROUSEL';
  /** The cards, all with the same parts. */
  cards: Array<{
    /** The header, body and buttons of the card. */
    components: Array<TemplateHeader | TemplateBody | TemplateButtons>;
  }>;
}

export interface CreateTemplate {
  /** An account of the WhatsApp business account that gets the template. */
  account_id: string;
  /** The name of the template. */
  name: string;
  /** The language of the template. */
  language: string;
  /** The category, which decides the price and the rules. */
  category: 'AUTHENTICATION' | 'MARKETING' | 'UTILITY';
  /** named: `{{customer}}`. positional: `{{1}}`. Default: positional. */
  parameter_format?: 'named' | 'positional' | null | undefined;
  /** How long WhatsApp tries to deliver it. AUTHENTICATION: 30 to 900. UTILITY: 30 to 43200. */
  message_send_ttl_seconds?: number | null | undefined;
  /** The parts of the template, with the fields of Meta. */
  components: Array<TemplateHeader | TemplateBody | TemplateFooter | TemplateButtons | TemplateOffer | TemplateCallPermission | TemplateCarousel>;
}

export interface SendCode {
  /** The id of an account. */
  account_id: string;
  /** The number of the recipient, with + and country code. */
  to: string;
  /** The code. You make it and check it. */
  code: string;
  /** The AUTHENTICATION template. Default: the first approved one of the account. */
  template?: string | null | undefined;
  /** The language of the template. */
  language?: string | null | undefined;
  /** How long Recado may send the code. Default: as long as the template says it is valid, or 10 minutes. */
  valid_for_seconds?: number | null | undefined;
  /** The priority. Default: high. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
}

export interface ChannelCapabilities {
  /** Free-form messages need an open 24-hour window. In the Sandbox, `SANDBOX_WINDOW=off` switches the window off. */
  window: boolean;
  /** The number belongs to a business account with templates. */
  templates: boolean;
  /** An account has credentials of its own, which Recado checks and replaces. */
  credentials: boolean;
  /** Somebody links a phone to the account. It sends while the session of the link is open. */
  needs_session: boolean;
  /** Recado chooses the id of a message at the channel. Each attempt of a message has the same id. */
  own_ids: boolean;
  /** Recado simulates the number and the phones of people. Nothing leaves, and nothing costs. */
  simulated: boolean;
}

export interface Channel {
  /** The connection to WhatsApp: sandbox is simulated, cloud is the Cloud API, web is a linked phone. */
  name: 'sandbox' | 'cloud' | 'web';
  /** Whether this server serves it. */
  available: boolean;
  /** Human-readable: why it does not. Null if it does. */
  reason: string | null;
  /** How accounts of the channel differ from others. */
  capabilities: ChannelCapabilities;
}

export interface ChannelList {
  /** All channels. */
  data: Channel[];
}

export interface LinkCode {
  /** qr: a QR code for the camera. pairing_code: eight characters to type in. */
  method: 'qr' | 'pairing_code';
  /** The text of the QR code, or the pairing code. */
  value: string;
  /** Which code of this attempt it is: 1, 2, 3 and so on. */
  number: number;
  /** How many codes there are before linking ends. */
  of: number;
  /** When it stops working. A fresh code follows, unless it is the last. */
  expires_at: string;
}

export interface Link {
  /**
   * linking: a person can use `code`. reconnecting: the connection is lost for now. logged_out: the phone or WhatsApp
   * ended the link. banned: WhatsApp rejects the number. outdated: WhatsApp rejects this version of WhatsApp Web.
   * failed: linking ended without a phone.
   */
  state:
    | 'unlinked'
    | 'linking'
    | 'connected'
    | 'reconnecting'
    | 'logged_out'
    | 'banned'
    | 'outdated'
    | 'failed';
  /** Human-readable: why it is in this state, and what to do. */
  reason: string | null;
  /**
   * Machine-readable: the cause. passkey_required: WhatsApp demands a passkey to link this number; use the Cloud API.
   * used_elsewhere: another program uses the same link. phone_may_keep: remove the device on the phone. unreachable:
   * this machine does not reach WhatsApp. Null: another one, see `reason`.
   */
  cause: 'passkey_required' | 'used_elsewhere' | 'phone_may_keep' | 'unreachable' | null;
  /** Since when it is in this state. */
  since: string;
  /** The number of the linked phone. Null without one. */
  phone: string | null;
  /** When the phone was linked. Null without one. */
  linked_at: string | null;
  /** When somebody accepted the risks. Null: nobody did. */
  consented_at: string | null;
  /**
   * The current code, while linking. Only `GET /api/v1/accounts/:id/link` shows it, to callers who may link. Null
   * otherwise.
   */
  code: LinkCode | null;
  /** When Recado tries to connect again. Null: it does not. */
  reconnects_at: string | null;
}

export interface AccountCheck {
  /** What was checked. */
  name:
    | 'token'
    | 'scopes'
    | 'app'
    | 'number'
    | 'business_account'
    | 'webhooks'
    | 'registration'
    | 'health';
  /** Whether it is as it should be. */
  ok: boolean;
  /** The field of the request to correct. Null if there is none. */
  field: string | null;
  /** Human-readable: what Meta says, and where in its screens to look. */
  message: string;
}

export interface Account {
  /** The id of an account. */
  id: string;
  /** The name that you give to the account. */
  name: string;
  /** The connection to WhatsApp: sandbox is simulated, cloud is the Cloud API, web is a linked phone. */
  channel: 'sandbox' | 'cloud' | 'web';
  /** The capabilities of its channel. */
  capabilities: ChannelCapabilities;
  /** The phone number that people see and write to. Null for an account of `web` that was never linked. */
  phone: string | null;
  /** The id of the number at the channel. For an account of `web`, an id of Recado. */
  phone_number_id: string;
  /**
   * paused: somebody paused it. needs_attention: the channel rejects or flags the account. disconnected: its channel is
   * unavailable, or no phone is linked.
   */
  status: 'connected' | 'paused' | 'disconnected' | 'needs_attention';
  /** Human-readable: why the account is not connected. */
  status_reason: string | null;
  /** An IANA time zone. Daily limits and quiet hours use it. */
  time_zone: string;
  /** The sending limits. */
  limits: {
    /** The rate limit: at most this many messages in any interval of this length. */
    rate: {
      /** Number of messages. */
      messages: number;
      /** Length of the interval in seconds. */
      seconds: number;
    };
    /** Messages per calendar day in the account’s time zone. Null for no limit. */
    per_day: number | null;
    /** At the daily limit, reject: accept no new messages. hold: keep them until midnight. */
    on_limit: 'reject' | 'hold';
    /** Conversations opened per day with people who wrote nothing for 24 hours. Null for no limit. */
    new_conversations_per_day: number | null;
    /** A token bucket for each recipient. Null for no limit. */
    recipient: {
      /** Messages that may leave at once. */
      burst: number;
      /** Seconds until the recipient may get one more message. */
      seconds: number;
    } | null;
    /** The longest random gap between two messages, in milliseconds. */
    jitter_ms: number;
    /** In these hours of the account’s time zone, only messages of high priority leave. Null for none. */
    quiet_hours: {
      /** The start. */
      from: string;
      /** The end. It is on the next day if it is earlier than `from`. */
      until: string;
    } | null;
    /** The daily limit grows from `first_day` to `per_day`. Null for no warm-up. */
    warm_up: {
      /** The first day of the warm-up. */
      start: string;
      /** The daily limit on the first day. */
      first_day: number;
      /** Length of the warm-up in days. */
      days: number;
    } | null;
    /** The largest queue. Above it, Recado rejects messages with `queue_full`. */
    max_queued: number;
    /** Number of conversations that Recado sends to in parallel. */
    concurrency: number;
  };
  /** What Recado does when a call fails or its outcome is unknown. */
  delivery: {
    /** Retries of calls that certainly did not reach the channel. */
    retry: {
      /** Total number of attempts. */
      attempts: number;
      /** The first delay in milliseconds. Each further delay is twice as long. */
      delay_ms: number;
    };
    /** What Recado does with an unknown outcome when no receipt comes within `unknown_window_seconds`. */
    on_unknown: 'hold' | 'retry' | 'fail';
    /** How long Recado waits for a receipt when the outcome is unknown, in seconds. */
    unknown_window_seconds: number;
    /** Recado reports a message once if it is not delivered this many seconds after sending. */
    undelivered_after_seconds: number;
    /**
     * What happens to queued messages whose template WhatsApp pauses or rejects. hold: they wait until it is approved
     * again. fail: they are sent, and fail.
     */
    on_template_paused: 'hold' | 'fail';
    /**
     * Where marketing templates go. prefer: to Meta's endpoint for marketing messages, and to the plain one if that
     * refuses. only: to that endpoint alone. off: to the plain one.
     */
    marketing_endpoint: 'prefer' | 'only' | 'off';
    /**
     * Free-form messages outside of the 24-hour window. reject: answer with `window_closed`. hold: keep them until the
     * person writes. send: let WhatsApp decide.
     */
    on_window_closed: 'reject' | 'hold' | 'send';
    /**
     * The messaging account (WABA) of which the messages are, where the number has several. Recado sends it with each
     * message. Null: the number has one.
     */
    messaging_account_id: string | null;
  };
  /** The smaller of your limits and those of WhatsApp for this number. */
  effective_limits: {
    /** The rate limit in use. */
    rate: {
      /** Number of messages. */
      messages: number;
      /** Length of the interval in seconds. */
      seconds: number;
    };
    /** The limit of new conversations in use. Null for no limit. */
    new_conversations_per_day: number | null;
  };
  /** The quota of new chats that WhatsApp gives the number. Only of the channel `web`. Null if WhatsApp names none. */
  new_chats: {
    /** How many more people who never wrote may get a message of a campaign. */
    left: number;
    /** When a new quota begins. Null if WhatsApp does not say. */
    resets_at: string | null;
  } | null;
  /** The WhatsApp business account that the number belongs to. Null if it is not known yet. */
  business_account_id: string | null;
  /** The app at Meta. Only of the channel `cloud`. */
  app_id: string | null;
  /** Where Meta posts the webhooks of this app. Only of the channel `cloud`. */
  webhook_url: string | null;
  /** The display name that people see, as WhatsApp names it. Null if it is not known. */
  verified_name: string | null;
  /** The state of the display name, such as APPROVED or DECLINED, as WhatsApp names it. Null if it is not known. */
  name_status: string | null;
  /** The quality rating: GREEN, YELLOW, RED or UNKNOWN, as WhatsApp names it. Null if it is not known. */
  quality: string | null;
  /**
   * The throughput level: STANDARD is 80 messages a second, HIGH is 1,000, as WhatsApp names it. Null if it is not
   * known.
   */
  throughput: string | null;
  /** The messaging-limit tier of the business, such as TIER_2K, as WhatsApp names it. Null if it is not known. */
  messaging_limit: string | null;
  /**
   * The state of the number, such as CONNECTED, PENDING, RESTRICTED or BANNED, as WhatsApp names it. Null if it is not
   * known.
   */
  number_status: string | null;
  /**
   * Whether the number was verified by a code: VERIFIED or NOT_VERIFIED, as WhatsApp names it. Null if it is not known.
   */
  code_verification_status: string | null;
  /** LIVE or SANDBOX, as WhatsApp names it. Null if it is not known. */
  account_mode: string | null;
  /** Where the number is registered, such as CLOUD_API, as WhatsApp names it. Null if it is not known. */
  platform_type: string | null;
  /**
   * Whether the number is in use in the WhatsApp Business app too (coexistence). It then sends at most 20 messages a
   * second. Null if it is not known.
   */
  is_on_biz_app: boolean | null;
  /** Whether the number can send, as WhatsApp says. Null if it is not known. */
  health_status: {
    /** AVAILABLE, LIMITED or BLOCKED. */
    can_send_message: string;
    /** Why it is not AVAILABLE. */
    reasons: Array<{
      /** The kind of thing that has the trouble, such as PHONE_NUMBER, WABA, BUSINESS or APP. */
      entity: string;
      /** The code of WhatsApp. Null if it gives none. */
      code: string | null;
      /** Human-readable: why. */
      message: string;
      /** Human-readable: the remedy. Null if WhatsApp gives none. */
      remedy: string | null;
    }>;
  } | null;
  /**
   * Whether the business account has signed up for the endpoint of marketing messages, as WhatsApp names it. Null if it
   * is not known.
   */
  marketing_messages_onboarding_status: string | null;
  /** Whether the business account takes marketing messages at that endpoint only. Null if it is not known. */
  disable_marketing_messages_on_cloud_api: boolean | null;
  /**
   * When the access token expires. Only of the channel `cloud`. Null for a token without an end, or before the first
   * check.
   */
  token_expires_at: string | null;
  /** Whether the webhooks of Meta come to this server. Only of the channel `cloud`. Null before the first check. */
  webhooks: {
    /** Whether every field that Recado needs and WhatsApp offers comes to this server. */
    ok: boolean;
    /** Where Meta posts the messages of the number. Null if nowhere. */
    callback_url: string | null;
    /** The fields of webhooks that Recado needs and that do not come. */
    missing_fields: string[];
    /** Human-readable: where webhooks go, and what to do. */
    message: string;
  } | null;
  /** When Recado last read these from WhatsApp. Only of the channel `cloud`. */
  checked_at: string | null;
  /** Counters since the creation of the account. */
  counters: {
    /** Messages that Recado passed to the channel at least once. */
    called: number;
    /** Messages that people wrote to the account. */
    received: number;
    /** Messages that count toward today’s limit. */
    called_today: number;
  };
  /** The link to a phone. Null for accounts of other channels. */
  link: Link | null;
  /** The time of creation. */
  created_at: string;
  /** The time of the last change. */
  updated_at: string;
  /** The time of deletion. Null if it was not deleted. */
  deleted_at: string | null;
}

export interface AccountQueue {
  /** Messages that wait for an attempt. */
  queued: {
    /** Messages of high priority. */
    high: number;
    /** Messages of normal priority. */
    normal: number;
    /** Messages of low priority. */
    low: number;
  };
  /** Messages whose `send_at` is in the future. */
  scheduled: number;
  /** Messages with an attempt in flight. */
  sending: number;
  /** Messages with an unknown outcome. */
  unknown: number;
  /** The age of the oldest due message, in seconds. Null for an empty queue. */
  oldest_seconds: number | null;
  /** Messages sent in the current interval of the rate limit. */
  sent_in_window: number;
  /** The time when the next message can leave. Null: now, or only after somebody acts. */
  next_send_at: string | null;
  /** Why the whole queue is stopped. Null if it is not. */
  hold: {
    /** Why the queue is stopped. In quiet hours, messages of high priority still leave. */
    reason:
      | 'rate_limit'
      | 'daily_limit'
      | 'quiet_hours'
      | 'throttled'
      | 'account_error'
      | 'flagged'
      | 'paused';
    /** The end of the hold. Null if somebody has to act. */
    until: string | null;
  } | null;
}

export interface AccountChecks {
  /** Whether every check passed. */
  ok: boolean;
  /** The checks. A failed one ends those that depend on it. */
  checks: AccountCheck[];
  /** The account, with what WhatsApp says now. */
  account: Account;
}

export interface FoundNumbers {
  /** Whether the token and the app secret passed every check. */
  ok: boolean;
  /** The app that the token is of. Null if it is not known. */
  app_id: string | null;
  /** The checks of the token and the app secret. */
  checks: AccountCheck[];
  /** Empty where Meta names none. The ids can then be typed. */
  business_accounts: Array<{
    /** The id of the business account. */
    business_account_id: string;
    /** Its name. Null if WhatsApp does not say. */
    name: string | null;
    /** Human-readable: why its numbers could not be read. Null if they were. */
    error: string | null;
    /** Its numbers. */
    numbers: Array<{
      /** The id of the number. */
      phone_number_id: string;
      /** The phone number. Null if WhatsApp does not say. */
      phone: string | null;
      /** The display name that people see, as WhatsApp names it. Null if it is not known. */
      verified_name: string | null;
      /** The quality rating, as WhatsApp names it. Null if it is not known. */
      quality: string | null;
      /** Whether the number is registered for the API. If not, a PIN is needed. Null if unknown. */
      is_registered: boolean | null;
      /** Whether the number is in use in the WhatsApp Business app. It then needs no PIN. Null if unknown. */
      is_on_biz_app: boolean | null;
      /** Whether an account of this installation has the number. */
      taken: boolean;
    }>;
  }>;
}

export interface NewAccountChecks {
  /** Whether every check passed. */
  ok: boolean;
  /** The checks. A failed one ends those that depend on it. */
  checks: AccountCheck[];
}

export interface AlertRule {
  /** The id of an alert rule. */
  id: string;
  /** What the rule watches. */
  signal:
    | 'account_attention'
    | 'token_expiry'
    | 'webhook_routing'
    | 'limit_lowered'
    | 'silence_in'
    | 'stall_out'
    | 'no_receipts'
    | 'failed_share'
    | 'quality'
    | 'template_trouble'
    | 'unknown_age'
    | 'oldest_high'
    | 'oldest_normal'
    | 'daily_limit'
    | 'spend_cap'
    | 'free_messages'
    | 'unanswered'
    | 'nobody_online'
    | 'no_gateway'
    | 'endpoint_failing'
    | 'dead_letters'
    | 'disk'
    | 'clock'
    | 'web_version'
    | 'backup_age';
  /** Whether the rule is on. */
  enabled: boolean;
  /** The accounts that it watches, each for itself. Null for all. */
  account_ids: string[] | null;
  /** It fires above this value, in the unit of the signal. */
  fire_above: number;
  /** It clears below this value. */
  clear_below: number;
  /** With fewer messages there is no data: it neither fires nor clears. Only of a share. */
  minimum: number;
  /** How far back it looks, where its signal looks back. */
  window_seconds: number;
  /** How long the value has to be above before it fires. */
  for_seconds: number;
  /** How long the value has to be below before it clears. */
  keep_seconds: number;
  /** critical passes quiet hours, and is repeated every 30 minutes. */
  severity: 'notice' | 'warning' | 'critical';
  /** What to do, in your words. It is in every alert. No number and no text of a message. */
  note: string | null;
  /** Who is told. Null for all owners and admins. */
  person_ids: string[] | null;
  /** Until then it tells nobody. Null: not muted. */
  muted_until: string | null;
  /** The state of its worst subject. */
  state: 'off' | 'muted' | 'firing' | 'pending' | 'no_data' | 'ok';
  /** How many of its subjects fire. */
  firing: number;
  /** What the last round saw. Null before the first one. */
  now: {
    /** The name of the subject with the highest value. */
    subject: string | null;
    /** The highest value of the last round. Null: no data. */
    value: number | null;
    /** Of how many messages, where the value is a share. */
    n: number | null;
  } | null;
  /** The time of creation. */
  created_at: string;
}

export interface AlertRuleList {
  /** The rules of the workspace. */
  data: AlertRule[];
}

export interface Alert {
  /** The id of an alert. */
  id: string;
  /** The rule. Null once it is deleted. */
  rule_id: string | null;
  /** What the rule watches. */
  signal:
    | 'account_attention'
    | 'token_expiry'
    | 'webhook_routing'
    | 'limit_lowered'
    | 'silence_in'
    | 'stall_out'
    | 'no_receipts'
    | 'failed_share'
    | 'quality'
    | 'template_trouble'
    | 'unknown_age'
    | 'oldest_high'
    | 'oldest_normal'
    | 'daily_limit'
    | 'spend_cap'
    | 'free_messages'
    | 'unanswered'
    | 'nobody_online'
    | 'no_gateway'
    | 'endpoint_failing'
    | 'dead_letters'
    | 'disk'
    | 'clock'
    | 'web_version'
    | 'backup_age';
  /** critical passes quiet hours, and is repeated every 30 minutes. */
  severity: 'notice' | 'warning' | 'critical';
  /** firing, or cleared once it is over. */
  state: 'firing' | 'cleared';
  /** What it is about. */
  subject: {
    /** What it is about. */
    kind: 'account' | 'endpoint' | 'template' | 'team' | 'workspace';
    /** The id of the account, endpoint, template, team or workspace. */
    id: string;
    /** The name when it began. */
    name: string;
  };
  /** What is wrong, in English. */
  title: string;
  /** What to do first, in English. */
  remedy: string;
  /** The place of the guide about the signal. */
  guide: string;
  /** What the rule says beside the remedy. */
  note: string | null;
  /** The value of the last round, in the unit of the signal. */
  value: number;
  /** Of how many messages, where the value is a share. */
  n: number | null;
  /** More facts, such as the most frequent code. */
  detail: Record<string, unknown>;
  /** When it began to fire. */
  began_at: string;
  /** When it was over. Null while it fires. */
  cleared_at: string | null;
  /** It changed more than four times in an hour, and is told once. */
  unstable: boolean;
  /** Who took it. Nobody else is told again. */
  taken_by: {
    /** The id of the person or the API key. */
    id: string;
    /** The name. */
    name: string | null;
  } | null;
  /** When somebody took it. */
  taken_at: string | null;
  /** What that person wrote. */
  taken_note: string | null;
  /** Until then nobody is told. Null: not muted. */
  muted_until: string | null;
  /** Who muted it. */
  muted_by: {
    /** The id of the person or the API key. */
    id: string;
    /** The name. */
    name: string | null;
  } | null;
}

export interface MutedAlerts {
  /** How many alerts were muted. */
  muted: number;
}

export interface AlertChannel {
  /** The id of an alert channel. */
  id: string;
  /** What kind of channel it is. */
  kind: 'app' | 'email' | 'webhook' | 'slack' | 'telegram' | 'ntfy' | 'whatsapp';
  /** What people call it. */
  name: string;
  /** Where it goes, without secrets and numbers. */
  target: string | null;
  /** whatsapp: the account that writes. */
  account_id: string | null;
  /** What it tells. */
  tells: Array<'notice' | 'warning' | 'critical' | 'cleared'>;
  /** Whether it is on. */
  enabled: boolean;
  /** email: whether a mail server is set. Of others: always true. */
  works: boolean;
  /** When it last took an alert. */
  last_at: string | null;
  /** Since when it takes none. Null: it works. */
  failing_since: string | null;
  /** Why it did not take the last one. */
  error: string | null;
  /** The time of creation. */
  created_at: string;
}

export interface NewAlertChannel extends AlertChannel {
  /** webhook: what it is signed with. Only this answer has it. */
  secret: string | null;
}

export interface AlertChannelList {
  /** The channels, app and email first. */
  data: AlertChannel[];
}

export interface AlertDelivery {
  /** The id of an alert delivery. */
  id: string;
  /** The id of an alert channel. */
  channel_id: string;
  /** The kind of the channel. */
  channel: 'app' | 'email' | 'webhook' | 'slack' | 'telegram' | 'ntfy' | 'whatsapp';
  /** The name of the person, or where the channel goes. */
  to: string | null;
  /** What it tells. */
  news: 'firing' | 'repeat' | 'unstable' | 'cleared' | 'test';
  /** The alerts that it is about. */
  alert_ids: string[];
  /** The title of the first of them. */
  title: string;
  /** The kind of the channel that did not take it, so that it went by e-mail. */
  instead_of: 'app' | 'email' | 'webhook' | 'slack' | 'telegram' | 'ntfy' | 'whatsapp' | null;
  /** failed: no attempt succeeded. */
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  /** How often it was tried. */
  attempts: number;
  /** Why the last attempt failed. */
  error: string | null;
  /** How long the last attempt took. */
  duration_ms: number | null;
  /** When it was queued. */
  created_at: string;
  /** When it was over. */
  ended_at: string | null;
}

export interface AlertSettings {
  /** Alerts about one account that begin within this time are told together. */
  group_seconds: number;
  /** Told again after this time, until somebody takes it. Critical: 30 minutes. */
  repeat_seconds: number;
  /** The address that Recado calls every minute. Null: none. */
  ping: {
    /** The host of the address. */
    host: string;
    /** When it was called last. */
    at: string | null;
    /** The HTTP status of the answer. */
    status: number | null;
    /** Why there was no answer. */
    error: string | null;
    /** How long it took. */
    ms: number | null;
  } | null;
}

export interface MyAlerts {
  /** In these hours only critical alerts come by e-mail. Null: none. */
  quiet_hours: {
    /** From this time. */
    from: string;
    /** Until this time. */
    until: string;
    /** An IANA time zone. Daily limits and quiet hours use it. */
    time_zone: string;
  } | null;
}

export interface AuditEntry {
  /** The id of an entry of the audit log. */
  id: string;
  /** The time of the action. */
  at: string;
  /** Who performed the action. */
  actor: {
    /** nobody: credentials were missing or wrong. system: Recado itself. */
    kind: 'person' | 'api_key' | 'nobody' | 'system';
    /** The id of the person or the API key. */
    id: string | null;
    /** The current name of the actor. */
    name: string | null;
  };
  /** The action. */
  action: string;
  /** The object of the action. Null if there is no single object. */
  target: {
    /** The kind of object, like `account`. */
    kind: string;
    /** The id of the object. */
    id: string;
  } | null;
  /** The IP address of the caller. */
  address: string | null;
  /** The `X-Request-Id` of the request. */
  request_id: string | null;
  /** More data, depending on the action. It never contains a secret. */
  detail: Record<string, unknown>;
}

export interface SetupState {
  /** Whether the first owner exists: then people log in. */
  has_owner: boolean;
  /** Whether the server can mail invitations and reset links. */
  sends_mail: boolean;
}

export interface Tokens {
  /** The token for the header `Authorization: Bearer`. */
  access_token: string;
  /** The one-time token for `POST /api/v1/auth/refresh`. */
  refresh_token: string;
  /** Always `Bearer`. */
  token_type: 'Bearer';
  /** Seconds until the access token expires. */
  expires_in: number;
}

export interface CookieSession {
  /** Send it as `X-CSRF-Token` with each request that changes something. */
  csrf_token: string;
  /** Seconds until the cookie with the access token expires. */
  expires_in: number;
}

export interface Me {
  /** The kind of the caller. */
  kind: 'person' | 'api_key';
  /** The person. Null for an API key. */
  person: {
    /** The id of a person. */
    id: string;
    /** The name of the person. */
    name: string;
    /** The e-mail address for the login. */
    email: string;
  } | null;
  /** The API key. Null for a person. */
  api_key: {
    /** The id of an API key. */
    id: string;
    /** The purpose of the key. */
    name: string;
  } | null;
  /** The workspace of the request. */
  workspace: {
    /** The id of a workspace. */
    id: string;
    /** The name of the workspace. */
    name: string;
  };
  /** The role of the person in this workspace. Null for an API key. */
  role: 'owner' | 'admin' | 'agent' | 'viewer' | null;
}

export interface MyPermissions {
  /** The permissions of the caller. */
  permissions: Array<
    | 'messages.create'
    | 'messages.read'
    | 'messages.update'
    | 'notes.write'
    | 'accounts.read'
    | 'accounts.manage'
    | 'contacts.read'
    | 'contacts.manage'
    | 'contacts.configure'
    | 'contacts.import'
    | 'contacts.export'
    | 'contacts.erase'
    | 'opt_outs.read'
    | 'opt_outs.manage'
    | 'media.create'
    | 'media.read'
    | 'media.delete'
    | 'replies.manage'
    | 'templates.read'
    | 'templates.manage'
    | 'campaigns.read'
    | 'campaigns.manage'
    | 'campaigns.start'
    | 'cost.read'
    | 'cost.manage'
    | 'alerts.read'
    | 'alerts.update'
    | 'alerts.manage'
    | 'installation.check'
    | 'workspace.read'
    | 'workspace.manage'
    | 'workspaces.create'
    | 'people.read'
    | 'people.manage'
    | 'teams.manage'
    | 'keys.read'
    | 'keys.manage'
    | 'audit.read'
    | 'requests.read'
    | 'inbound.manage'
    | 'endpoints.read'
    | 'endpoints.manage'
    | 'wall_views.manage'
    | 'hooks.manage'
    | 'me.read'
    | 'me.manage'>;
  /** The role of the person in this workspace. Null for an API key. */
  role: 'owner' | 'admin' | 'agent' | 'viewer' | null;
  /** The accounts that the caller can access. Null for all. */
  account_ids: string[] | null;
  /** The conversations that the caller reads. An API key reads all. */
  conversations: 'all' | 'team' | 'own';
  /** Whether the caller sees the phone numbers of contacts. */
  sees_numbers: boolean;
}

export interface Session {
  /** The id of a session. */
  id: string;
  /** True for the session of this request. */
  current: boolean;
  /** The IP address of the login. */
  address: string | null;
  /** The `User-Agent` of the login. */
  user_agent: string | null;
  /** The time of the login. */
  created_at: string;
  /** The time of the last refresh. */
  renewed_at: string;
  /** The session ends at this time unless it is refreshed. */
  expires_at: string;
}

export interface EndedSessions {
  /** How many sessions ended. */
  ended: number;
}

export interface WorkspaceSession extends Session {
  /** Who is logged in. */
  person: {
    /** The id of a person. */
    id: string;
    /** The name of the person. */
    name: string;
  };
}

export interface TestMail {
  /** Whether the mail server accepted the mail. */
  sent: boolean;
  /** Your e-mail address. */
  to: string;
  /** The sender, as `SMTP_FROM` says. */
  from: string;
  /** The mail server and its port. */
  server: string;
  /** Why it was not sent. Null if it was. */
  error: {
    /** What failed. */
    code: 'dns' | 'connection' | 'tls' | 'login' | 'sender' | 'recipient' | 'deadline' | 'other';
    /** What the mail server answered, if it did. */
    response: string | null;
    /** What to do first. */
    remedy: string;
  } | null;
}

export interface ResetAsked {
  /** Human-readable: what happens next. */
  message: string;
}

export interface SecondFactor {
  /** True if a login requires a code. */
  enabled: boolean;
  /** Number of unused recovery codes. */
  recovery_codes_left: number;
}

export interface NewSecondFactor {
  /** The secret for the authenticator app. Recado shows it only in this answer. */
  secret: string;
  /** The secret as an `otpauth:` URI, for a QR code. */
  otpauth_uri: string;
}

export interface RecoveryCodes {
  /** One-time codes that replace a code of the app. Recado shows them only in this answer. */
  recovery_codes: string[];
}

export interface Media {
  /** The id of a file. */
  id: string;
  /** uploaded: a request uploaded it. received: it came with a message. */
  direction: 'uploaded' | 'received';
  /** pending: Recado is downloading it. stored: it is available. failed, expired: see `error`. */
  status: 'pending' | 'stored' | 'failed' | 'expired';
  /** The type of message that carries the file. */
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  /** The media type, detected from the content. */
  mime_type: string | null;
  /** The size in bytes. Null until the file is stored. */
  size: number | null;
  /** The SHA-256 of the content, in hexadecimal. Null until the file is stored. */
  sha256: string | null;
  /** The width of an image in pixels. */
  width: number | null;
  /** The height of an image in pixels. */
  height: number | null;
  /** True if there is a thumbnail. */
  has_thumbnail: boolean;
  /** The file name that the sender gave, made safe. */
  filename: string | null;
  /** The media type that the sender declared. */
  declared_type: string | null;
  /** The id of an account. */
  account_id: string | null;
  /** The message that carried the file. */
  message_id: string | null;
  /** The note that has the file. No message carries it. */
  note_id: string | null;
  /** Why the download failed. Null if it did not. */
  error: {
    /** Machine-readable code. */
    code: string;
    /** The error as text. */
    title: string;
  } | null;
  /** The time of the upload, or of the message. */
  created_at: string;
  /** The time when the file was stored. Null until then. */
  stored_at: string | null;
}

/** Anyone with the link can download the file until it expires. */
export interface MediaLink {
  /** The link to the file. */
  link: string;
  /** The link works until this time. */
  expires_at: string;
}

export interface MediaCapabilities {
  /** The largest accepted file, in bytes. */
  max_file_bytes: number;
  /** The storage limit of the workspace, in bytes. Null for no limit. */
  quota_bytes: number | null;
  /** The storage that the workspace uses, in bytes. A file counts at least 4,096. */
  used_bytes: number;
  /** True if the server makes thumbnails. */
  thumbnails: boolean;
  /** True if the server converts audio to voice notes. It needs ffmpeg. */
  voice_notes: boolean;
  /** The limits of each kind. */
  kinds: Array<{
    /** The type of message that carries the file. */
    kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
    /** The largest accepted file of this kind, in bytes. */
    max_bytes: number;
    /** The accepted media types. */
    types: string[];
  }>;
}

export interface RateCard {
  /** The id of a rate card. */
  id: string;
  /** rates: by category. tiers: by volume of the month. */
  kind: 'rates' | 'tiers';
  /** The name. */
  name: string;
  /** The currency, in three letters. */
  currency: string;
  /** The first day that it counts for. */
  valid_from: string;
  /** The last day, if a newer card is there. */
  valid_until: string | null;
  /** The file that it came from. */
  file_name: string;
  /** How many markets it has. */
  markets: number;
  /** How many rates it has. What the file calls n/a is none. */
  rates: number;
  /** draft: to compare. coming, current or ended: in use. */
  state: 'draft' | 'coming' | 'current' | 'ended';
  /** When somebody imported it. */
  created_at: string;
  /** When somebody took it into use. */
  used_at: string | null;
}

export interface RateCardList {
  /** All cards, the newest day first. */
  data: RateCard[];
}

export interface RateChanges {
  /** The card. */
  card: RateCard;
  /** The card in use on the day before it begins. */
  before: RateCard | null;
  /** How many rates rise. */
  rises: number;
  /** How many rates fall. */
  falls: number;
  /** How many rates are new. */
  new: number;
  /** How many rates are gone. */
  gone: number;
  /** How many rates are three times what they were, or a third, or more. */
  odd: number;
  /** What the messages of the last 28 days cost with the card before. */
  month_before: string | null;
  /** What they would cost with this one. */
  month_after: string | null;
  /** Each rate: odd ones first, then those of your messages. */
  data: Array<{
    /** The market. */
    market: string;
    /** The category. */
    category: string;
    /** From which message of the month on; 1 without tiers. */
    tier_from: number;
    /** The rate before. Null for none. */
    before: string | null;
    /** The rate of this card. Null for none: never free. */
    after: string | null;
    /** What becomes of it. */
    change: 'rises' | 'falls' | 'new' | 'gone' | 'same';
    /** By how much it changes, in percent. */
    percent: number | null;
    /** Whether it looks wrong: three times as much, or more. */
    odd: boolean;
    /** How many messages of the last 28 days it is about. */
    messages: number;
  }>;
}

export interface CostSettings {
  /** That of the first rate card. Null without one. */
  currency: string | null;
  /** The most that the workspace may cost in a month. Null for no cap. */
  cap: string | null;
  /** The most that each account without its own may cost in a month. Null for no cap. */
  account_cap: string | null;
  /** The most that a campaign may cost that names no cap. */
  campaign_cap: string | null;
  /** The accounts whose messages WhatsApp bills. */
  accounts: Array<{
    /** The id of an account. */
    account_id: string;
    /** Its own cap of a month. Null: that of all accounts. */
    cap: string | null;
    /** What a provider adds, in percent of the rate. */
    surcharge_percent: string;
    /** What a provider adds to each billed message. */
    surcharge_fixed: string;
  }>;
}

export interface Cost {
  /** The month, by the clocks of the accounts. */
  month: string;
  /** Null without a rate card. */
  currency: string | null;
  /** What the month costs so far, with what is under way. */
  amount: string;
  /** Of it, what no receipt has confirmed yet. */
  estimated: string;
  /** The messages of the month. */
  messages: {
    /** Delivered and billed. */
    charged: number;
    /** Delivered for free, as WhatsApp says. */
    free: number;
    /** Under way, or without a word of WhatsApp about their price. */
    estimated: number;
    /** Without a rate for their market and category: their cost is not known. */
    unrated: number;
  };
  /** By category. */
  by_category: Array<{
    /** The category. */
    category: string;
    /** How many messages, billed or not. */
    messages: number;
    /** What those with a rate cost, with the surcharge of a provider. */
    amount: string;
    /** How many of them have no rate: their cost is not known, and not 0. */
    unrated: number;
  }>;
  /** By account. */
  by_account: Array<{
    /** The id of an account. */
    account_id: string;
    /** How many messages, billed or not. */
    messages: number;
    /** What those with a rate cost, with the surcharge of a provider. */
    amount: string;
    /** How many of them have no rate: their cost is not known, and not 0. */
    unrated: number;
  }>;
  /** By country of the recipient. */
  by_country: Array<{
    /** The country in two letters. Empty where it is not known. */
    country: string;
    /** How many messages, billed or not. */
    messages: number;
    /** What those with a rate cost, with the surcharge of a provider. */
    amount: string;
    /** How many of them have no rate: their cost is not known, and not 0. */
    unrated: number;
  }>;
  /** By template: the 100 that cost most. */
  by_template: Array<{
    /** The name of the template. */
    template: string;
    /** How many messages, billed or not. */
    messages: number;
    /** What those with a rate cost, with the surcharge of a provider. */
    amount: string;
    /** How many of them have no rate: their cost is not known, and not 0. */
    unrated: number;
  }>;
  /** By day and category. Days without messages are left out. */
  by_day: Array<{
    /** The day, by the clock of the account. */
    day: string;
    /** The category. */
    category: string;
    /** How many messages, billed or not. */
    messages: number;
    /** What those with a rate cost, with the surcharge of a provider. */
    amount: string;
    /** How many of them have no rate: their cost is not known, and not 0. */
    unrated: number;
  }>;
  /** What the month will cost. Null for other months, and in the first week. */
  forecast: {
    /** With the lower quartile of the same weekdays. */
    low: string;
    /** The month so far, and the median of the same weekdays left. */
    expected: string;
    /** With the upper quartile of the same weekdays. */
    high: string;
  } | null;
  /** The free service messages of each number. */
  free_messages: Array<{
    /** The id of an account. */
    account_id: string;
    /** How many free service messages were delivered. */
    used: number;
    /** How many are free in a month. */
    of: number;
    /** When they will be used up at this pace. */
    ends_on: string | null;
  }>;
  /** The caps of this month. */
  caps: Array<{
    /** Null: the cap of the workspace. */
    account_id: string | null;
    /** The cap. */
    amount: string;
    /** What this month costs so far. */
    spent: string;
    /** Whether 80 % are spent. */
    warned: boolean;
    /** Whether all is spent: campaigns hold, the API refuses marketing. */
    reached: boolean;
  }>;
  /** The rate card in use today. Null for none. */
  card: {
    /** The id of a rate card. */
    id: string;
    /** The name. */
    name: string;
    /** The first day that it counts for. */
    valid_from: string;
    /** Whether rates have probably changed since: it begins before the newest quarter, a week ago. */
    is_old: boolean;
  } | null;
}

export interface CostOfConversations {
  /** The beginning of the range. */
  from: string;
  /** Its end. */
  until: string;
  /** Null without a rate card. */
  currency: string | null;
  /** How many conversations had a message with a cost. */
  conversations: number;
  /** What they cost together. */
  amount: string;
  /** Half of them cost at most this. */
  median: string | null;
  /** Nine of ten cost at most this. */
  p90: string | null;
}

export interface Charge {
  /** charged and free: as WhatsApp says. estimated: it said nothing yet. unrated: the rate card has no rate. */
  kind: 'estimated' | 'charged' | 'free' | 'unrated';
  /** What it costs, with the surcharge. Null if that is not known. */
  amount: string | null;
  /** Of it, what a provider adds. */
  surcharge: string;
  /** The currency, in three letters. */
  currency: string;
  /** The category that it is charged by. */
  category: string;
  /** The country of its recipient. Null if that is not known. */
  country: string | null;
  /** The market of the rate card. Null for none. */
  market: string | null;
  /** The day that it counts for, by the clock of its account. */
  day: string;
  /** The rate card that made it. */
  rate_card_id: string;
}

export interface Reconciliation {
  /** The id of a reconciliation. */
  id: string;
  /** The id of an account. */
  account_id: string;
  /** The day in UTC, as WhatsApp counts. */
  day: string;
  /** Delivered messages, as Recado counted. */
  counted: number;
  /** Delivered messages, as WhatsApp says. */
  told: number;
  /** What they cost by the rate card, without the surcharge of a provider. */
  amount: string;
  /** What WhatsApp says that they cost. Null where a partner pays: WhatsApp tells no cost then. */
  told_amount: string | null;
  /** When Recado asked. */
  compared_at: string;
}

/** The latest status. unknown: Recado called the channel and does not know whether it accepted the message. */
export type MessageStatus =
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'unknown'
  | 'sent'
  | 'failed'
  | 'delivered'
  | 'read'
  | 'played'
  | 'cancelled'
  | 'expired'
  | 'received';

export interface Message {
  /** The id of a message. */
  id: string;
  /** The id of an account. */
  account_id: string;
  /** The id of a conversation. */
  conversation_id: string;
  /** The id of a contact. */
  contact_id: string;
  /** outbound: to the person. inbound: from the person, or about them (type system). */
  direction: 'outbound' | 'inbound';
  /** The number of the sender, with + and country code. */
  from: string | null;
  /** The number of the recipient, with + and country code. */
  to: string | null;
  /**
   * The type of the content, and the name of its field. system: from WhatsApp itself. unsupported: WhatsApp could not
   * forward it.
   */
  type:
    | 'text'
    | 'image'
    | 'video'
    | 'audio'
    | 'document'
    | 'sticker'
    | 'location'
    | 'contacts'
    | 'reaction'
    | 'interactive'
    | 'template'
    | 'button'
    | 'order'
    | 'call'
    | 'system'
    | 'unsupported';
  /** The content of a message of type text. */
  text?: {
    /** The text of the message. */
    body: string;
    /** True to show a preview of the first link. */
    preview_url?: boolean | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type image. */
  image?: {
    /** The id of the file in Recado. Null if there is none. */
    id: string | null;
    /** The link from which WhatsApp downloads the file. Null for a file in Recado. */
    link: string | null;
    /** The file in Recado. Null for a link, for a deleted file, and in the answer to a send. */
    media: {
      /** The id of a file. */
      id: string;
      /** The status of the file. */
      status: 'pending' | 'stored' | 'failed' | 'expired';
      /** The media type, detected from the content. */
      mime_type: string | null;
      /** The size in bytes. Null until the file is stored. */
      size: number | null;
      /** The file name that the sender gave, made safe. */
      filename: string | null;
      /** The width of an image in pixels. */
      width: number | null;
      /** The height of an image in pixels. */
      height: number | null;
      /** True if there is a thumbnail. */
      has_thumbnail: boolean;
      /** Why the download failed. Null if it did not. */
      error: {
        /** Machine-readable code. */
        code: string;
        /** The error as text. */
        title: string;
      } | null;
    } | null;
    /** The text below the file. */
    caption?: string | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type video. */
  video?: {
    /** The id of the file in Recado. Null if there is none. */
    id: string | null;
    /** The link from which WhatsApp downloads the file. Null for a file in Recado. */
    link: string | null;
    /** The file in Recado. Null for a link, for a deleted file, and in the answer to a send. */
    media: {
      /** The id of a file. */
      id: string;
      /** The status of the file. */
      status: 'pending' | 'stored' | 'failed' | 'expired';
      /** The media type, detected from the content. */
      mime_type: string | null;
      /** The size in bytes. Null until the file is stored. */
      size: number | null;
      /** The file name that the sender gave, made safe. */
      filename: string | null;
      /** The width of an image in pixels. */
      width: number | null;
      /** The height of an image in pixels. */
      height: number | null;
      /** True if there is a thumbnail. */
      has_thumbnail: boolean;
      /** Why the download failed. Null if it did not. */
      error: {
        /** Machine-readable code. */
        code: string;
        /** The error as text. */
        title: string;
      } | null;
    } | null;
    /** The text below the file. */
    caption?: string | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type audio. */
  audio?: {
    /** The id of the file in Recado. Null if there is none. */
    id: string | null;
    /** The link from which WhatsApp downloads the file. Null for a file in Recado. */
    link: string | null;
    /** The file in Recado. Null for a link, for a deleted file, and in the answer to a send. */
    media: {
      /** The id of a file. */
      id: string;
      /** The status of the file. */
      status: 'pending' | 'stored' | 'failed' | 'expired';
      /** The media type, detected from the content. */
      mime_type: string | null;
      /** The size in bytes. Null until the file is stored. */
      size: number | null;
      /** The file name that the sender gave, made safe. */
      filename: string | null;
      /** The width of an image in pixels. */
      width: number | null;
      /** The height of an image in pixels. */
      height: number | null;
      /** True if there is a thumbnail. */
      has_thumbnail: boolean;
      /** Why the download failed. Null if it did not. */
      error: {
        /** Machine-readable code. */
        code: string;
        /** The error as text. */
        title: string;
      } | null;
    } | null;
    /** True for a voice note. */
    voice?: boolean | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type document. */
  document?: {
    /** The id of the file in Recado. Null if there is none. */
    id: string | null;
    /** The link from which WhatsApp downloads the file. Null for a file in Recado. */
    link: string | null;
    /** The file in Recado. Null for a link, for a deleted file, and in the answer to a send. */
    media: {
      /** The id of a file. */
      id: string;
      /** The status of the file. */
      status: 'pending' | 'stored' | 'failed' | 'expired';
      /** The media type, detected from the content. */
      mime_type: string | null;
      /** The size in bytes. Null until the file is stored. */
      size: number | null;
      /** The file name that the sender gave, made safe. */
      filename: string | null;
      /** The width of an image in pixels. */
      width: number | null;
      /** The height of an image in pixels. */
      height: number | null;
      /** True if there is a thumbnail. */
      has_thumbnail: boolean;
      /** Why the download failed. Null if it did not. */
      error: {
        /** Machine-readable code. */
        code: string;
        /** The error as text. */
        title: string;
      } | null;
    } | null;
    /** The text below the file. */
    caption?: string | undefined;
    /** The file name that the recipient sees. */
    filename?: string | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type sticker. */
  sticker?: {
    /** The id of the file in Recado. Null if there is none. */
    id: string | null;
    /** The link from which WhatsApp downloads the file. Null for a file in Recado. */
    link: string | null;
    /** The file in Recado. Null for a link, for a deleted file, and in the answer to a send. */
    media: {
      /** The id of a file. */
      id: string;
      /** The status of the file. */
      status: 'pending' | 'stored' | 'failed' | 'expired';
      /** The media type, detected from the content. */
      mime_type: string | null;
      /** The size in bytes. Null until the file is stored. */
      size: number | null;
      /** The file name that the sender gave, made safe. */
      filename: string | null;
      /** The width of an image in pixels. */
      width: number | null;
      /** The height of an image in pixels. */
      height: number | null;
      /** True if there is a thumbnail. */
      has_thumbnail: boolean;
      /** Why the download failed. Null if it did not. */
      error: {
        /** Machine-readable code. */
        code: string;
        /** The error as text. */
        title: string;
      } | null;
    } | null;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type location. */
  location?: {
    /** The latitude in degrees. */
    latitude?: number | undefined;
    /** The longitude in degrees. */
    longitude?: number | undefined;
    /** The name of the place. */
    name?: string | undefined;
    /** The address of the place. */
    address?: string | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type contacts. */
  contacts?: Array<Record<string, unknown>> | undefined;
  /** The content of a message of type reaction. */
  reaction?: {
    /** The message reacted to. Null if unknown. */
    message_id: string | null;
    /** The id of that message at the channel. */
    channel_message_id: string | null;
    /** The emoji. Null if the reaction was removed. */
    emoji: string | null;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type interactive. */
  interactive?: {
    /**
     * For outbound the kind of the message. For inbound the kind of the answer: button_reply, list_reply, nfm_reply.
     */
    type: string;
    /** For inbound: the button that the person pressed. */
    button_reply?: {
      /** Your id of it. */
      id?: string | undefined;
      /** Its text. */
      title?: string | undefined;
      [name: string]: unknown;
    } | undefined;
    /** For inbound: the row that the person chose. */
    list_reply?: {
      /** Your id of it. */
      id?: string | undefined;
      /** Its text. */
      title?: string | undefined;
      [name: string]: unknown;
    } | undefined;
    /** For inbound: the answers in a flow. */
    nfm_reply?: Record<string, unknown> | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type template. */
  template?: {
    /** The name of the template. */
    name: string;
    /** The language of the template. */
    language: {
      /** The language of the template. */
      code: string;
      [name: string]: unknown;
    };
    /** The values of the variables. */
    components?: Array<Record<string, unknown>> | undefined;
    /** The category of the template when Recado accepted the message. */
    category?: string | undefined;
    /** The text that the person reads: header, body and footer. */
    text?: string | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type button. */
  button?: {
    /** The text on the quick reply that the person pressed. */
    text?: string | undefined;
    /** The payload of the quick reply. */
    payload?: string | undefined;
    [name: string]: unknown;
  } | undefined;
  /** The content of a message of type order. */
  order?: Record<string, unknown> | undefined;
  /** The content of a message of type call. */
  call?: Record<string, unknown> | undefined;
  /** The content of a message of type system. */
  system?: Record<string, unknown> | undefined;
  /** The content of a message of type unsupported. */
  unsupported?: Record<string, unknown> | undefined;
  /**
   * The message that this one quotes or reacts to, and for inbound other fields of the channel like `forwarded`. Null
   * if there is none.
   */
  context: {
    /** The other message in Recado. Null if unknown. */
    message_id: string | null;
    /** The id of the other message at the channel. */
    channel_message_id: string | null;
    [name: string]: unknown;
  } | null;
  /** The reactions to the message. Empty if there is none. */
  reactions: Array<{
    /** Who reacted. */
    from: 'contact' | 'account';
    /** The emoji. */
    emoji: string;
    /** The time of the reaction, by the channel’s clock. */
    at: string;
  }>;
  /**
   * phone: the business wrote it on its own phone. standby: somebody else had the conversation, such as an agent of
   * WhatsApp, and Recado only listened. Null otherwise.
   */
  source: 'phone' | 'standby' | null;
  /** The group in which the person wrote. Null outside of groups. */
  group: {
    /** The id of the group at the channel. */
    id: string;
  } | null;
  /** The time when its writer last edited it. The content is the newest that is known. */
  edited_at: string | null;
  /** Whether the newest edit could not be read: the writer changed the text, and nobody here knows to what. */
  edit_unknown: boolean;
  /** What it said before its edits, the oldest first. They go with the message. */
  versions: Array<{
    /** The text or caption. Null if there was none. */
    text: string | null;
    /** When it was written. */
    at: string;
  }>;
  /** The time when its writer deleted it for everybody. Recado keeps the content. */
  revoked_at: string | null;
  /** What a receipt says of the price. Null until one does. */
  pricing: {
    /** The category, such as service, utility or marketing. */
    category: string | null;
    /** Why it costs something or nothing: `regular`, `free_customer_service`. */
    type: string | null;
    /** The pricing model, such as PMP. */
    model: string | null;
    /** Whether WhatsApp charges for it. */
    billable: boolean | null;
    /** The amount that WhatsApp itself names. Null where it names none. */
    cost: {
      /** A decimal number. */
      amount: string;
      /** The code of the currency. */
      currency: string;
    } | null;
  } | null;
  /** What opened the conversation for the price, as the receipt says. Null otherwise. */
  conversation_origin: string | null;
  /** The ad or post that brought the person, with the fields of the channel. Null if there is none. */
  referral: Record<string, unknown> | null;
  status: MessageStatus;
  /** The priority. Null for an inbound message. */
  priority: 'high' | 'normal' | 'low' | null;
  /** Recado does not send the message before this time. Null for no such time. */
  send_at: string | null;
  /** Recado does not send the message at or after this time. Null for no such time. */
  expires_at: string | null;
  /** The batch of the message. Null if it came alone. */
  batch_id: string | null;
  /** The campaign of the message. Null if it has none. */
  campaign_id: string | null;
  /** Options for WhatsApp beside the content. Null if there are none. */
  options: Record<string, unknown> | null;
  /** Your own name for the message. Null if it has none. */
  reference: string | null;
  /** Your own data. Empty if there is none. */
  metadata: Record<string, string>;
  /** What may go wrong with the message, as known when Recado accepted it. */
  warnings: Array<{
    /** Machine-readable code. */
    code: 'window_may_close';
    /** What may happen, and what to do about it. */
    message: string;
  }>;
  /** Why the message failed, or why the channel could not forward an inbound message. Null otherwise. */
  error: {
    /** The error code of the channel or of Recado. */
    code: string;
    /** The error as text. */
    title: string;
    /** Who has to act: the sending program, the operator, and so on. */
    who: 'sender' | 'operator' | 'recipient' | 'meta' | 'nobody';
    /** What to do, in one sentence. */
    advice: string;
  } | null;
  /** The id of the message at the channel. Null until it is known. */
  channel_message_id: string | null;
  /**
   * The person or the API key that sent the message; of a campaign, who started it. Null for an inbound message, for
   * one from the phone, and for one that Recado sent by itself.
   */
  created_by: {
    /** The id of the person or the API key. */
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /** The time when Recado accepted or received the message. */
  created_at: string;
  /** The time when the channel accepted it, by the channel’s clock. */
  sent_at: string | null;
  /** The time when it reached the phone, by the channel’s clock. */
  delivered_at: string | null;
  /** The time when the person read it. For inbound: when a caller marked it as read. */
  read_at: string | null;
  /** The time when it failed. */
  failed_at: string | null;
}

export interface MessageDetails extends Message {
  /** What it costs. Null if it costs nothing, without a rate card, and for a caller without `cost.read`. */
  charge: Charge | null;
  /** Why the message waits. Null if it does not wait. */
  waiting: {
    /** The first reason why the message waits. */
    reason:
      | 'next'
      | 'storage_full'
      | 'no_worker'
      | 'reconnecting'
      | 'not_linked'
      | 'conversation_order'
      | 'scheduled'
      | 'rate_limit'
      | 'daily_limit'
      | 'new_conversation_limit'
      | 'window_closed'
      | 'recipient_limit'
      | 'quiet_hours'
      | 'paused'
      | 'flagged'
      | 'retry'
      | 'recipient_throttled'
      | 'deferred'
      | 'restricted'
      | 'throttled'
      | 'account_error'
      | 'file_pending'
      | 'template_paused'
      | 'campaign_paused'
      | 'unknown_outcome';
    /**
     * The time when this reason ends; of a rate limit, when the next message leaves. Null if it does not depend on
     * time.
     */
    until: string | null;
    /**
     * Number of messages of the account that leave first. 10,000 means 10,000 or more. Null if the message is not in
     * line.
     */
    ahead: number | null;
    /**
     * The time when this message leaves, by its place and all limits, if no message comes in before it. Null if that
     * cannot be known.
     */
    expected_at: string | null;
  } | null;
  /** The timeline of the message. */
  events: Array<{
    /** The position in the timeline: 1, 2, 3 and so on. */
    number: number;
    /** The type of the event. */
    type:
      | 'message.scheduled'
      | 'message.queued'
      | 'message.sending'
      | 'message.retry_scheduled'
      | 'message.sent'
      | 'message.delivered'
      | 'message.read'
      | 'message.played'
      | 'message.failed'
      | 'message.unknown'
      | 'message.held'
      | 'message.resolved'
      | 'message.reconciled'
      | 'message.duplicated'
      | 'message.undelivered'
      | 'message.stuck'
      | 'message.cancelled'
      | 'message.expired'
      | 'message.received'
      | 'message.imported'
      | 'message.standby'
      | 'message.edited'
      | 'message.revoked'
      | 'message.call_updated'
      | 'media.stored'
      | 'media.failed'
      | 'media.expired';
    /** The time when Recado recorded the event. */
    at: string;
    /** More data, depending on the type. */
    data: Record<string, unknown>;
  }>;
  /** The calls to the channel. Recado stores each before it begins. */
  attempts: Array<{
    /** The number of the attempt, from 1. */
    number: number;
    /** The latest status. A receipt can change it. */
    status: 'sending' | 'not_sent' | 'unknown' | 'sent' | 'failed' | 'delivered' | 'read' | 'played';
    /** The result of the call. Null while it is in flight, or if a receipt came first. */
    class:
      | 'accepted'
      | 'not_sent'
      | 'unavailable'
      | 'throttled'
      | 'recipient_throttled'
      | 'deferred'
      | 'templates_restricted'
      | 'marketing_restricted'
      | 'rejected'
      | 'account_error'
      | 'flagged'
      | 'unknown'
      | 'released'
      | 'file_pending'
      | 'file_expired'
      | 'expired' | null;
    /**
     * The error code of the channel or of Recado. After an accepted call, what WhatsApp does with the message first:
     * held_for_quality_assessment or paused.
     */
    code: string | null;
    /** The error as text. */
    title: string | null;
    /** The id of the message at the channel. */
    channel_message_id: string | null;
    /** The time when Recado stored the attempt, before the call. */
    started_at: string;
    /** The time when the outcome was known. */
    ended_at: string | null;
  }>;
}

export interface Statistics {
  /** The start of the range, inclusive. */
  from: string;
  /** The end of the range, exclusive. */
  until: string;
  /** Outbound messages that the channel accepted. */
  sent: number;
  /** Inbound messages that people wrote, without system messages. */
  received: number;
  /** Outbound messages by status. */
  by_status: Record<string, number>;
  /** Messages by type. */
  by_type: Record<string, {
    /** Outbound messages. */
    outbound: number;
    /** Inbound messages that people wrote. */
    inbound: number;
  }>;
  /** Messages by day, without days that have none. */
  by_day: Array<{
    /** The day in UTC. */
    day: string;
    /** Outbound messages. */
    outbound: number;
    /** Inbound messages that people wrote. */
    inbound: number;
    /** Outbound messages that failed. */
    failed: number;
  }>;
  /** Messages by account. */
  by_account: Array<{
    /** The id of an account. */
    account_id: string;
    /** Outbound messages. */
    outbound: number;
    /** Inbound messages that people wrote. */
    inbound: number;
  }>;
  /** Share of sent messages that were delivered or read, 0 to 1. */
  delivery_rate: number | null;
  /** Share of sent messages that were read, 0 to 1. */
  read_rate: number | null;
  /** Share of messages with an outcome that failed, 0 to 1. */
  failure_rate: number | null;
}

export interface MessageSeries {
  /** The start of the range, inclusive. */
  from: string;
  /** The end of the range, exclusive. */
  until: string;
  /** The length of a bucket. */
  interval: 'hour' | 'day';
  /** The time zone of the buckets. */
  time_zone: string;
  /** Messages by their `created_at`, with buckets that have none, oldest first. */
  buckets: Array<{
    /** The start of the bucket. */
    at: string;
    /** Outbound messages. */
    outbound: number;
    /** Inbound messages that people wrote. */
    inbound: number;
    /** Outbound messages that the channel accepted. */
    sent: number;
    /** Outbound messages that were delivered or read. */
    delivered: number;
    /** Outbound messages that were read. */
    read: number;
    /** Outbound messages that failed. */
    failed: number;
  }>;
  /** The most frequent errors, at most 50. */
  by_error: Array<{
    /** The error code of the channel or of Recado. */
    code: string;
    /** The error as text. */
    title: string;
    /** Outbound messages that failed with it. */
    failed: number;
  }>;
}

export interface BatchAccepted {
  /** The id of a batch. */
  id: string;
  /** Number of messages in the request. */
  total: number;
  /** Number of messages that Recado accepted. */
  accepted: number;
  /** Number of messages that Recado rejected. */
  rejected: number;
  /** The time of acceptance. */
  created_at: string;
  /** One result for each message, in the order of the request. */
  results: Array<{
    /** The position of the message in the request, from 0. */
    index: number;
    /** The HTTP status that `POST /api/v1/messages` would answer. */
    status: number;
    message?: Message | undefined;
    /** Why Recado rejected the message. */
    error?: {
      /** Machine-readable code. It never changes. */
      code: string;
      /** Human-readable: what went wrong and what to do. */
      detail: string;
      /** The invalid fields. */
      errors?: Array<{
        /** The path of the field, like `text.body`. */
        field: string;
        /** What the value must be. */
        message: string;
      }> | undefined;
    } | undefined;
  }>;
}

export interface Batch {
  /** The id of a batch. */
  id: string;
  /** Number of messages in the request. */
  total: number;
  /** Number of messages that Recado accepted. */
  accepted: number;
  /** Number of messages that Recado rejected. */
  rejected: number;
  /** The time of acceptance. */
  created_at: string;
  /** Number of accepted messages in each status. */
  by_status: Record<string, number>;
  /** True when no message of the batch is scheduled, queued, sending or unknown. */
  done: boolean;
}

export interface CampaignSource {
  /** The id of a segment. */
  segment_id?: string | null | undefined;
  /** The id of an import. */
  import_id?: string | null | undefined;
  /** The id of a campaign. */
  campaign_id?: string | null | undefined;
  /** With campaign_id: those of its recipients. */
  fate?: 'sent' | 'delivered' | 'read' | 'not_read' | 'replied' | 'not_replied' | 'failed' | null | undefined;
  /** These contacts. */
  contact_ids?: string[] | null | undefined;
}

export interface CampaignCounts {
  /** People who get it, or were to get it. */
  people: number;
  /** People who were left out, each with a reason. */
  left_out: number;
  /** Not begun yet. */
  waiting: number;
  /** Under way. */
  sending: number;
  /** Recado does not know whether WhatsApp took them. `POST /messages/resolve` decides. */
  unknown: number;
  /** WhatsApp took them, whatever came after that. */
  sent: number;
  /** Delivered, or read. */
  delivered: number;
  /** Read. */
  read: number;
  /** Failed, or refused by Recado. */
  failed: number;
  /** Cancelled or expired before they left. */
  cancelled: number;
  /** People who replied. */
  replied: number;
  /** People who opted out because of it. */
  opted_out: number;
}

export interface Campaign {
  /** The id of a campaign. */
  id: string;
  /** The name. */
  name: string;
  /** The state. */
  state:
    | 'draft'
    | 'scheduled'
    | 'missed'
    | 'preparing'
    | 'running'
    | 'paused'
    | 'held'
    | 'done'
    | 'cancelled';
  /** Null in other states than held and missed. */
  reason: {
    /** Why it is held or missed. */
    code:
      | 'failed'
      | 'not_on_whatsapp'
      | 'spared'
      | 'opted_out'
      | 'account_error'
      | 'quality'
      | 'template_paused'
      | 'template_changed'
      | 'wrong_message'
      | 'restored'
      | 'missed_start'
      | 'account_gone'
      | 'audience_gone'
      | 'spend_cap'
      | 'approval_needed';
    /** The reason with its figures, and the remedy. */
    detail: string;
    /** When it goes on by itself. Null: once somebody resumes it. */
    until: string | null;
  } | null;
  /** What somebody wrote as they paused or cancelled it. */
  note: string | null;
  /** Since when it has its state. */
  state_at: string;
  /** Goes up with each change. Send it back in `If-Match`. */
  revision: number;
  /** The accounts that send it. A person gets it from the one that they talked to last, else by turns. */
  account_ids: string[];
  /** The messages. */
  variants: Array<{
    /** How many percent of the people get this variant. */
    share: number;
    /** The message, as the request had it. */
    message: Record<string, unknown>;
  }>;
  /** How many percent of the people get nothing, for comparison. */
  control_share: number;
  /** Who gets it: everybody who is in one of these. */
  include: CampaignSource[];
  /** Who does not get it. */
  exclude: CampaignSource[];
  /** When Recado decides who gets it: as it starts, or as it is scheduled. */
  recipients_at: 'start' | 'schedule';
  /** When it starts. */
  start: {
    /** When it starts. Without at and local: when somebody starts it. */
    at?: string | null | undefined;
    /** The date and time at which each person gets it, where they live. */
    local?: string | null | undefined;
    /** The key of the field that has the time zone of a person, like Europe/Lisbon. */
    zone_field?: string | null | undefined;
    /** What happens if Recado was not running until 15 minutes after the start. */
    missed: 'ask' | 'start' | 'skip' | null;
  };
  /** The hours in which people get it, where they live. Null for any. */
  hours: {
    /** Not before this time of the person. */
    from: string;
    /** Not after this time of the person. */
    until: string;
    /** The days of the week, 1 for Monday. */
    days: number[] | null;
  } | null;
  /** A few people first. Null: all at once. */
  waves: {
    /** How many people the first waves have. The rest follows. */
    sizes: number[];
    /** A wave is over once this percentage of it has a receipt. */
    receipts: number | null;
    /** A wave is over after this time at the latest. */
    wait_minutes: number | null;
  } | null;
  /** Of the last 200 outcomes, and at least 50: when Recado holds the campaign. */
  stop_rules: {
    /** Failed, other than by the next two, in percent. */
    failed: number | null;
    /** Not on WhatsApp (131026), in percent. */
    not_on_whatsapp: number | null;
    /** Spared by WhatsApp (131049), in percent. */
    spared: number | null;
    /** Opted out, in percent. */
    opted_out: number | null;
    /** Held once the quality of an account falls to this. At red always. */
    quality: 'yellow' | 'red' | null;
    /**
     * Held once its messages cost this much, in the currency of the rate card. Null: the cap of campaigns of the
     * workspace. It can be changed while the campaign runs.
     */
    spent: string | null;
  };
  /** The most messages a minute. Null: as fast as the accounts allow. */
  rate_per_minute: number | null;
  /** The percent of the daily limits that campaigns may use. Replies and codes have the rest. */
  daily_share: number;
  /** Caps for a person, over all campaigns and the API. Null for none. Only for marketing. */
  caps: {
    /** The most marketing messages of a person in 24 hours. */
    day: number | null;
    /** In 7 days. */
    week: number | null;
    /** In 30 days. */
    month: number | null;
    /** The most marketing messages to a person who never answers any. */
    unanswered: number | null;
  };
  /** For how long the first message of a person counts as a likely reply, in hours. */
  reply_hours: number;
  /** Null until its list is prepared. */
  counts: CampaignCounts | null;
  /** Why no message leaves, while it is running. Null while messages leave. */
  waiting: {
    /** The reason, as of the message that would leave first. */
    reason:
      | 'next'
      | 'storage_full'
      | 'no_worker'
      | 'reconnecting'
      | 'not_linked'
      | 'conversation_order'
      | 'scheduled'
      | 'rate_limit'
      | 'daily_limit'
      | 'new_conversation_limit'
      | 'window_closed'
      | 'recipient_limit'
      | 'quiet_hours'
      | 'paused'
      | 'flagged'
      | 'retry'
      | 'recipient_throttled'
      | 'deferred'
      | 'restricted'
      | 'throttled'
      | 'account_error'
      | 'file_pending'
      | 'template_paused'
      | 'campaign_paused'
      | 'unknown_outcome';
    /** When this reason ends. Null: it is not known. */
    until: string | null;
    /** The account whose messages wait for it. */
    account_id: string;
    /** How many messages wait in the queue. */
    messages: number;
  } | null;
  /** Of the list, while Recado prepares it. */
  progress: {
    /** Contacts that Recado has looked at for the list. */
    looked_at: number;
    /** Contacts of the workspace. */
    of: number;
  } | null;
  /** The wave that is being sent, from 1. Null without waves. */
  wave: number | null;
  /** The approval by a second person. */
  approval: {
    /** Whether a second person must approve it. */
    needed: boolean;
    /** Who asked for it. */
    asked_by: {
      /** The id of the person or the API key. */
      id: string;
      /** The name, as far as known. */
      name: string | null;
    } | null;
    /** When. */
    asked_at: string | null;
    /** Who approved this revision. */
    approved_by: {
      /** The id of the person or the API key. */
      id: string;
      /** The name, as far as known. */
      name: string | null;
    } | null;
    /** When. */
    approved_at: string | null;
    /** For how many people it was approved. Null without an approval. */
    people: number | null;
    /** For which cost. Null without an approval or a rate card. */
    cost: {
      /** The currency. */
      currency: string;
      /** If everybody gets the message. */
      high: string;
    } | null;
    /** Who changed it last, or created it. They may not approve it. */
    changed_by: {
      /** The id of the person or the API key. */
      id: string;
      /** The name, as far as known. */
      name: string | null;
    } | null;
  };
  /** Who created it. */
  created_by: {
    /** The id of the person or the API key. */
    id: string;
    /** The name, as far as known. */
    name: string | null;
  } | null;
  /** Who started or scheduled it. */
  started_by: {
    /** The id of the person or the API key. */
    id: string;
    /** The name, as far as known. */
    name: string | null;
  } | null;
  /** When it starts, once it is scheduled. */
  start_at: string | null;
  /** When its first message was accepted. */
  started_at: string | null;
  /** When it was done or cancelled. */
  ended_at: string | null;
  /** The time of creation. */
  created_at: string;
  /** The time of the last change of its settings. */
  updated_at: string;
}

export interface CampaignOutlook {
  /** Whether Recado looked at the whole audience. Otherwise at as many contacts as five seconds allow. */
  complete: boolean;
  /** Contacts that Recado looked at. */
  looked_at: number;
  /** People in one of the sources. */
  audience: number;
  /** People who would get it. */
  people: number;
  /** People who would be left out, by reason. */
  left_out: Array<{
    /** The id, the country, the language or the reason. */
    value: string;
    /** How many people. */
    people: number;
  }>;
  /** People who would get it, by account. */
  by_account: Array<{
    /** The id, the country, the language or the reason. */
    value: string;
    /** How many people. */
    people: number;
  }>;
  /** The same by country, as ISO codes; empty where no number tells. */
  by_country: Array<{
    /** The id, the country, the language or the reason. */
    value: string;
    /** How many people. */
    people: number;
  }>;
  /** The same by language of the template; empty for other content. */
  by_language: Array<{
    /** The id, the country, the language or the reason. */
    value: string;
    /** How many people. */
    people: number;
  }>;
  /** The same by variant, from 0. */
  by_variant: Array<{
    /** The id, the country, the language or the reason. */
    value: string;
    /** How many people. */
    people: number;
  }>;
  /** When the first message may leave. */
  first_at: string | null;
  /** When the last one leaves, by the limits of the accounts. */
  last_at: string | null;
  /** What the limits of the day allow, by account. */
  new_conversations: Array<{
    /** The id of an account. */
    account_id: string;
    /** People who get it from the account. */
    people: number;
    /** Messages that the share of its daily limit still allows today. Null without a limit. */
    left_today: number | null;
    /** People among them who never wrote to the account. */
    strangers: number;
    /** The quota of WhatsApp for them, of the channel `web`. Null if WhatsApp names none. */
    new_chats: {
      /** How many more people who never wrote may get a message of a campaign. */
      left: number;
      /** When a new quota begins. Null if WhatsApp does not say. */
      resets_at: string | null;
    } | null;
  }>;
  /** What it will cost. Null without a rate card, and where WhatsApp bills nothing. */
  cost: {
    /** The currency. */
    currency: string;
    /** If as many are delivered as of the campaigns of the last 90 days. Else as high. */
    low: string;
    /** If everybody gets the message. */
    high: string;
    /** The people whose messages have a rate. */
    people: number;
    /** People without a rate, by country: their cost is not known. */
    without_rate: Array<{
      /** The id, the country, the language or the reason. */
      value: string;
      /** How many people. */
      people: number;
    }>;
  } | null;
  /** What the settings still lack, by field. */
  problems: Array<{
    /** The field. */
    field: string;
    /** What it lacks. */
    message: string;
  }>;
}

export interface CampaignPreview {
  /** The id of a contact. */
  contact_id: string;
  /** The name of the contact. */
  name: string | null;
  /** The variant, from 0. Null if the person is left out. */
  variant: number | null;
  /** The language of the template. */
  language: string | null;
  /** The account that sends it. */
  account_id: string | null;
  /** When it may leave. */
  due_at: string | null;
  /** Why the person is left out. Null if they get it. */
  reason: string | null;
  /** The message with the values of the person, as the API takes it. Null if a value is missing. */
  content: Record<string, unknown> | null;
  /** What the person would read. Null where it cannot be rendered. */
  text: string | null;
  /** Why WhatsApp would not take these values. */
  problem: string | null;
}

export interface CampaignTest {
  /** One for each contact, in their order. */
  messages: Array<{
    /** The id of a contact. */
    contact_id: string;
    /** The message. Null if it was refused. */
    message_id: string | null;
    /** Why it was refused. */
    problem: string | null;
  }>;
}

export interface CampaignApproval {
  /** Whether the campaign waits for an approval. */
  waits: boolean;
  /** A second person must approve campaigns for more people than this. Null: none must. */
  above: number | null;
  /** How many percent more people than approved its list may have. */
  tolerance: number;
  /** The people whom an approval of now is for. With complete: false, all of the audience. */
  people: number;
  /** Whether Recado looked at the whole audience. Otherwise some of the people will be left out. */
  complete: boolean;
  /** People in one of the sources. With complete: false, those that Recado looked at. */
  audience: number;
  /** People who are left out, by reason. */
  left_out: Array<{
    /** The id, the country, the language or the reason. */
    value: string;
    /** How many people. */
    people: number;
  }>;
  /** Since when its list does not change. Null: Recado counted now, and the list is made at the start. */
  frozen_at: string | null;
  /** What it will cost. Null without a rate card, and where WhatsApp bills nothing. */
  cost: {
    /** The currency. */
    currency: string;
    /** If as many are delivered as of the campaigns of the last 90 days. Else as high. */
    low: string;
    /** If everybody gets the message. */
    high: string;
    /** The people whose messages have a rate. */
    people: number;
    /** People without a rate, by country: their cost is not known. */
    without_rate: Array<{
      /** The id, the country, the language or the reason. */
      value: string;
      /** How many people. */
      people: number;
    }>;
  } | null;
  /** The people who may approve it. */
  approvers: Array<{
    /** The id of a person. */
    id: string;
    /** The name. */
    name: string;
  }>;
  /** The people whose role allows it, and who may not approve this campaign. */
  barred: Array<{
    /** The id of a person. */
    id: string;
    /** The name. */
    name: string;
    /**
     * asked: asked for it. started: started it, and nobody asked. changed: changed it last, or created it. made_key:
     * made the API key that did so.
     */
    reasons: Array<'asked' | 'started' | 'changed' | 'made_key'>;
  }>;
  /** Whether you may approve it: a person, and not barred. */
  may: boolean;
  /** What changed since the last approval. Null if there was none. */
  changes: {
    /** Who gave the last approval. */
    by: {
      /** The id of the person or the API key. */
      id: string;
      /** The name, as far as known. */
      name: string | null;
    } | null;
    /** When. */
    at: string;
    /** Each field that is different now. */
    fields: Array<{
      /** The field of the campaign. */
      field: string;
      /** What was approved. */
      before: unknown;
      /** What it is now. */
      after: unknown;
    }>;
  } | null;
  /** Who said what, newest first, at most 50. */
  said: Array<{
    /** changed: an approval, or the question for one, ended with a change. */
    kind: 'asked' | 'approved' | 'refused' | 'changed';
    /** Who. */
    by: {
      /** The id of the person or the API key. */
      id: string;
      /** The name, as far as known. */
      name: string | null;
    } | null;
    /** When. */
    at: string;
    /** For how many people it was approved. */
    people: number | null;
    /** For which cost. */
    cost: {
      /** The currency. */
      currency: string;
      /** If everybody gets the message. */
      high: string;
    } | null;
    /** Why it was refused. */
    note: string | null;
  }>;
}

export interface CampaignRecipient {
  /** The id of a contact. */
  contact_id: string;
  /** The name of the contact. */
  name: string | null;
  /** The number of the contact. */
  phone: string | null;
  /** What became of the person. */
  state:
    | 'left_out'
    | 'waiting'
    | 'sending'
    | 'unknown'
    | 'sent'
    | 'delivered'
    | 'read'
    | 'failed'
    | 'cancelled'
    | 'expired'
    | 'deleted';
  /** Why the person was left out, or the code with which the message failed. */
  reason: string | null;
  /** The account that sends it. */
  account_id: string | null;
  /** The variant, from 0. */
  variant: number | null;
  /** The wave, from 1. */
  wave: number | null;
  /** Not before this time. */
  due_at: string | null;
  /** The message, once there is one. */
  message_id: string | null;
  /** sure: the reply quotes the message, or is of its button. likely: it came in time. */
  replied: 'sure' | 'likely' | null;
  /** The reply. */
  reply_message_id: string | null;
  /** When they replied. */
  replied_at: string | null;
  /** When they opted out because of it. */
  opted_out_at: string | null;
  /** The time of the last change. */
  updated_at: string | null;
}

export interface CampaignResult {
  /** Replies. Opt-outs are none. */
  replies: {
    /** Replies that quote the message, or are of its button. */
    sure: number;
    /** First messages of a person in the time for replies. */
    likely: number;
    /** Half of the replies came in this time. */
    median_minutes: number | null;
  };
  /** By variant. */
  variants: Array<{
    /** The variant, from 0. Null for the control group. */
    variant: number | null;
    /** People of the variant. */
    people: number;
    /** Delivered. */
    delivered: number;
    /** Read, of those delivered. */
    read: {
      /** How many. */
      n: number;
      /** Of how many. */
      of: number;
      /** n of of, from 0 to 1. Null of none. */
      rate: number | null;
      /** The rate is at least this, with 95 % certainty (Wilson). */
      low: number | null;
      /** And at most this. */
      high: number | null;
    };
    /** Replied, of those delivered; of the control group those who wrote in the same time. */
    replied: {
      /** How many. */
      n: number;
      /** Of how many. */
      of: number;
      /** n of of, from 0 to 1. Null of none. */
      rate: number | null;
      /** The rate is at least this, with 95 % certainty (Wilson). */
      low: number | null;
      /** And at most this. */
      high: number | null;
    };
    /** Opted out. */
    opted_out: number;
  }>;
  /** Whether the rates of replies differ with 95 % certainty. Null with fewer than two variants. */
  difference: boolean | null;
  /** Failures by code, the most first. */
  failed: Array<{
    /** The code. */
    code: string;
    /** How many. */
    people: number;
    /** Who must act. */
    who: 'sender' | 'operator' | 'recipient' | 'meta' | 'nobody' | null;
    /** What to do. */
    advice: string | null;
    /** Whether trying again may help, and when. */
    again: 'now' | 'tomorrow' | 'never';
  }>;
  /** People who were left out, by reason. */
  left_out: Array<{
    /** The id, the country, the language or the reason. */
    value: string;
    /** How many people. */
    people: number;
  }>;
  /** Messages by minute, the last 120 minutes that have any. Deleted messages are in none. */
  minutes: Array<{
    /** The minute. */
    at: string;
    /** Messages that WhatsApp took in this minute. */
    sent: number;
  }>;
  /** By wave. */
  waves: Array<{
    /** The wave, from 1. */
    wave: number;
    /** Its people. */
    people: number;
    /** Those with a message. */
    begun: number;
    /** Those with a receipt or an end. */
    receipts: number;
    /** Its first message. */
    first_at: string | null;
    /** Its last message. */
    last_at: string | null;
  }>;
  /** The stop rules and the last 200 outcomes. */
  rules: Array<{
    /** The stop rule. */
    rule: 'failed' | 'not_on_whatsapp' | 'spared' | 'opted_out';
    /** Of the last outcomes, in percent. */
    percent: number;
    /** The limit, in percent. Null for no rule. */
    limit: number | null;
  }>;
  /** How many outcomes the rules look at. */
  outcomes: number;
  /** Null without a rate card. */
  cost: {
    /** The currency. */
    currency: string;
    /** What it costs so far, with what is under way. */
    amount: string;
    /** Of it, what no receipt has confirmed yet. */
    estimated: string;
    /** The cap that holds it. Null for none. */
    cap: string | null;
    /** The amount by the cap: 1 holds it. Null without a cap. */
    share: number | null;
  } | null;
}

export interface CampaignRetried {
  /** Messages that wait again. */
  count: number;
}

export interface CampaignRules {
  /** A second person must approve campaigns for more people than this. Null: none must. */
  approval_above: number | null;
}

export interface ContactField {
  /** The id of a contact field. */
  id: string;
  /** The key of the field in `fields`. It never changes. */
  key: string;
  /** The name that people see. */
  name: string;
  /** The kind of its values. yes_no: true or false. It never changes. */
  type: 'text' | 'number' | 'date' | 'yes_no' | 'choice';
  /** The choices. Null for other types. */
  choices: string[] | null;
  /** Its place among the fields, from 1. */
  position: number;
  /** The time of creation. */
  created_at: string;
  /** The time of the last change. */
  updated_at: string;
}

export interface ContactFieldList {
  /** All fields, in their order. */
  data: ContactField[];
}

export interface FieldSource {
  /** Who set it: a person, a program with a key, or an import. */
  kind: 'person' | 'api_key' | 'import';
  /** The id of the person, of the key or of the import. */
  id: string;
  /** Its current name. Null if there is none any more. */
  name: string | null;
  /** The time when the value was set. */
  at: string;
}

export interface ShownLabel {
  /** The id of a label. */
  id: string;
  /** The name of the label. */
  name: string;
  /** The colour of the mark beside the name. */
  color: 'indigo' | 'orange' | 'teal' | 'magenta' | 'olive' | 'gray' | 'violet' | 'brown';
}

export interface Label {
  /** The id of a label. */
  id: string;
  /** The name of the label. */
  name: string;
  /** The colour of the mark beside the name. */
  color: 'indigo' | 'orange' | 'teal' | 'magenta' | 'olive' | 'gray' | 'violet' | 'brown';
  /** Whether it is for contacts or for conversations. It never changes. */
  on: 'contact' | 'conversation';
  /** How many contacts or conversations have it. Null above 10,000. */
  used_by: number | null;
  /** The time of creation. */
  created_at: string;
  /** The time of the last change. */
  updated_at: string;
}

export interface LabelList {
  /** All labels, by name. */
  data: Label[];
}

export interface OptOut {
  /** The id of an opt out. */
  id: string;
  /** The id of a contact. */
  contact_id: string;
  /** E.164 number. Null where it is hidden or was erased. */
  phone: string | null;
  /** marketing: no templates of the category MARKETING. all: no messages. */
  category: 'marketing' | 'all';
  /** The reason. Null after the erasure of the person. */
  reason: string | null;
  /**
   * word: the person wrote a word like STOP. button: the person pressed a button of a template. whatsapp: the person
   * chose it in WhatsApp. rejection: WhatsApp rejected a marketing message. page: the person used the page behind a
   * link. person: somebody who was logged in. api: an API key. import: an import.
   */
  source: 'word' | 'button' | 'whatsapp' | 'rejection' | 'page' | 'person' | 'api' | 'import';
  /** The time of the opt-out. */
  created_at: string;
}

export interface SegmentCondition {
  /**
   * The fact: name, label, country, language, created, last_received, last_message, messages, window_open, unread,
   * opted_out, unreachable, reference, conversation_label, account, or `field:` with the key of one of your fields.
   */
  field: string;
  /** How to compare. The guide says which fact allows which. */
  op:
    | 'is'
    | 'is_not'
    | 'in'
    | 'contains'
    | 'begins'
    | 'gt'
    | 'lt'
    | 'between'
    | 'before'
    | 'after'
    | 'within_days'
    | 'not_within_days'
    | 'is_set'
    | 'not_set';
  /** The value. A list for `in` and `between`, a number of days for `within_days`. None for `is_set`. */
  value?: string | number | boolean | Array<string | number> | null | undefined;
}

export interface SegmentFilter {
  /** Who belongs to it: groups of conditions, at most 3 deep and 30 conditions in all. An empty `all` is everybody. */
  match: {
    /** All of these must be true. */
    all?: Array<SegmentCondition | {
      /** All of these must be true. */
      all?: Array<SegmentCondition | {
        /** All of these must be true. */
        all?: SegmentCondition[] | null | undefined;
        /** One of these must be true. */
        any?: SegmentCondition[] | null | undefined;
      }> | null | undefined;
      /** One of these must be true. */
      any?: Array<SegmentCondition | {
        /** All of these must be true. */
        all?: SegmentCondition[] | null | undefined;
        /** One of these must be true. */
        any?: SegmentCondition[] | null | undefined;
      }> | null | undefined;
    }> | null | undefined;
    /** One of these must be true. */
    any?: Array<SegmentCondition | {
      /** All of these must be true. */
      all?: Array<SegmentCondition | {
        /** All of these must be true. */
        all?: SegmentCondition[] | null | undefined;
        /** One of these must be true. */
        any?: SegmentCondition[] | null | undefined;
      }> | null | undefined;
      /** One of these must be true. */
      any?: Array<SegmentCondition | {
        /** All of these must be true. */
        all?: SegmentCondition[] | null | undefined;
        /** One of these must be true. */
        any?: SegmentCondition[] | null | undefined;
      }> | null | undefined;
    }> | null | undefined;
  };
  /** Segments and lists whose people do not belong to it. They must leave out none themselves. */
  leave_out?: string[] | null | undefined;
}

export interface Segment {
  /** The id of a segment. */
  id: string;
  /** The name. */
  name: string;
  /** filter: the people who fit at the moment. list: the people that somebody put into it. It never changes. */
  kind: 'filter' | 'list';
  /** Who belongs to it. Null for a list. */
  filter: SegmentFilter | null;
  /** The conditions whose field, label or account is gone, as paths. They see contacts without a value. */
  missing: string[];
  /** How many people a list has. Null above 10,000, and for a filter. */
  members: number | null;
  /** How many people a filter had when it was saved. Null above 10,000, and for a list. */
  saved_count: number | null;
  /** When the filter was saved. For a list: the time of creation. */
  saved_at: string;
  /** Goes up with each change. Send it back in `If-Match`. */
  revision: number;
  /** The time of creation. */
  created_at: string;
  /** The time of the last change, also of the people of a list. */
  updated_at: string;
}

export interface SegmentList {
  /** All segments and lists, by name. */
  data: Segment[];
}

export interface SegmentCount {
  /** How many people belong to it: exact up to 10,000. */
  count: number;
  /** Whether `count` is the least: there are more, or counting took too long. */
  more: boolean;
  /** How many contacts the workspace has. */
  contacts: number;
  /** How long counting took, in milliseconds. */
  took_ms: number;
  /** The people by country, the largest first. Null where there are more. */
  countries: Array<{
    /** Two letters. Null without a number of a country. */
    country: string | null;
    /** How many of the people have a number of the country. */
    count: number;
  }> | null;
  /** Whom a marketing campaign could reach. Null where there are more. */
  reach: {
    /** Want no marketing messages, or none at all. */
    opted_out: number;
    /** Of the others: WhatsApp could not deliver to them (131026). */
    unreachable: number;
    /** Of the others: have no number. */
    without_number: number;
    /** The rest: a campaign could write to them. */
    reachable: number;
    /** Of these: their 24-hour window is open. */
    window_open: number;
  } | null;
  /** What each segment of `leave_out` takes away. People may be in several. */
  left_out: Array<{
    /** The id of a segment. */
    segment_id: string;
    /** How many people of it fit the conditions. Null where more than 10,000 fit these. */
    fits: number | null;
  }>;
  /** Up to six of the people, picked at random. */
  sample: Array<{
    /** The id of a contact. */
    id: string;
    /** The name of the contact. */
    name: string | null;
    /** E.164 number. Null where the channel hides it. */
    phone: string | null;
    /** When the person last wrote to you. */
    last_received_at: string | null;
    /** The conditions that are true for the person, as paths. */
    because: string[];
  }>;
}

export interface Note {
  /** The id of a note. */
  id: string;
  /** The id of a conversation. */
  conversation_id: string;
  /** The id of a contact. */
  contact_id: string;
  /** The episode that it was written in. */
  episode_id: string | null;
  /** Who wrote it. Null where the person or the API key no longer exists. */
  author: {
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /** The text. Null once the note is deleted. */
  body: string | null;
  /** The people whom it names. */
  mentions: Array<{
    /** The id of a person. */
    person_id: string;
    /** The current name. */
    name: string;
  }>;
  /** Its files. Get one with `GET /api/v1/media/{id}/content`. None once the note is deleted. */
  files: Array<{
    /** The id of a file. */
    id: string;
    /** The status of the file. */
    status: 'pending' | 'stored' | 'failed' | 'expired';
    /** The media type, detected from the content. */
    mime_type: string | null;
    /** The size in bytes. Null until the file is stored. */
    size: number | null;
    /** The file name that the sender gave, made safe. */
    filename: string | null;
    /** The width of an image in pixels. */
    width: number | null;
    /** The height of an image in pixels. */
    height: number | null;
    /** True if there is a thumbnail. */
    has_thumbnail: boolean;
    /** Why the download failed. Null if it did not. */
    error: {
      /** Machine-readable code. */
      code: string;
      /** The error as text. */
      title: string;
    } | null;
    /** Whether it is shown as an image, a video, a sound or a document. */
    kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  }>;
  /** When it was written. */
  created_at: string;
  /** When it was last edited. Null if it never was. */
  edited_at: string | null;
  /** When its author deleted it. Null if nobody did. */
  deleted_at: string | null;
}

export interface BusinessHours {
  /** The IANA time zone of the hours and of the closed days. */
  time_zone: string;
  /** When the team works in a week. A night is two of them: until 24:00, and from 00:00. */
  intervals: Array<{
    /** The day: 1 is Monday, 7 is Sunday. */
    weekday: number;
    /** From this time by the clock of the zone. */
    opens: string;
    /** Until this time. 24:00 is the end of the day. */
    closes: string;
  }>;
  /** The days on which the team is closed, whatever the weekday. */
  holidays: Array<{
    /** The day, by the calendar of the zone. */
    date: string;
    /** What it is called. */
    name: string;
  }>;
}

export interface ShownTeam {
  /** The id of a team. */
  id: string;
  /** The current name. */
  name: string;
}

export interface Team {
  /** The id of a team. */
  id: string;
  /** The name. Unique in the workspace, without regard to case and accents. */
  name: string;
  /**
   * manual: people take and give conversations. round_robin: the member who got one longest ago gets the next.
   * balanced: the member with the fewest, and among equals who got one longest ago.
   */
  mode: 'manual' | 'round_robin' | 'balanced';
  /** Whether the member who had the person last gets the conversation, if online and with room. */
  sticky: boolean;
  /** The most open conversations that the members have together. Null: only their own capacity counts. */
  capacity: number | null;
  /**
   * A conversation goes back to the team if its assignee has not answered by then, in the hours of the team where it
   * has any. Null: never.
   */
  reassign_after_minutes: number | null;
  /**
   * What becomes of the open conversations of a member who goes offline. keep: they stay. grace: they go back to the
   * team, unless the member returns in time. to_team: they go back at once.
   */
  offline_policy: 'keep' | 'grace' | 'to_team';
  /** The time to return, where the policy is grace. */
  offline_grace_minutes: number;
  /**
   * When the team works. The time to answer then runs in these hours only, and waits are measured in them too. Null:
   * the whole day, on all days.
   */
  hours: BusinessHours | null;
  /** When these hours end. Null outside of them, without any, and where that is more than a week away. */
  open_until: string | null;
  /** The accounts whose new conversations are of the team. */
  account_ids: string[];
  /** Its members, by name. */
  members: Array<{
    /** The id of a person. */
    person_id: string;
    /** The name of the person. */
    name: string;
    /**
     * online: conversations are given to the person. away: the person keeps theirs, and gets none. offline: the policy
     * of the team decides about theirs. away is the state before the first choice.
     */
    status: 'online' | 'away' | 'offline';
    /**
     * When the choice ends: online then becomes offline, the others online. The hours decide where the person follows
     * them. Null until the next choice.
     */
    until: string | null;
    /** The most open conversations that the member has. */
    capacity: number;
    /**
     * The open conversations of the member that count, of all teams: not those that have waited for the other side for
     * a day.
     */
    open: number;
    /** When the team last gave the member one. */
    last_assigned_at: string | null;
  }>;
  /** Its open conversations, of the accounts that the caller sees. */
  open: number;
  /** Those of them that are of nobody. */
  unassigned: number;
  /** The time of the oldest message that nobody answered, among those of nobody. Null if none waits. */
  waiting_since: string | null;
  /** Whether somebody waits for the team, and no member is online. */
  nobody_online: boolean;
  /** The time of creation. */
  created_at: string;
  /** The time of the last change. */
  updated_at: string;
}

export interface TeamList {
  /** All teams, by name. */
  data: Team[];
}

export interface Availability {
  /** The id of a person. */
  person_id: string;
  /** The name of the person. */
  name: string;
  /**
   * online: conversations are given to the person. away: the person keeps theirs, and gets none. offline: the policy of
   * the team decides about theirs. away is the state before the first choice.
   */
  status: 'online' | 'away' | 'offline';
  /**
   * When the choice ends: online then becomes offline, the others online. The hours decide where the person follows
   * them. Null until the next choice.
   */
  until: string | null;
  /** When the person chose it. Null before the first choice. */
  since: string | null;
  /**
   * Whether the person is online as the hours of their teams begin, and offline as they end. Without such hours it
   * changes nothing.
   */
  follows_hours: boolean;
}

export interface AvailabilityList {
  /** Everybody who works in the workspace, by name. */
  data: Availability[];
}

export interface ConversationChange {
  /** The time of the change. */
  at: string;
  /** What the conversation became. */
  change: 'closed' | 'snoozed' | 'reopened' | 'assigned';
  /** The person or the API key. Null where nobody of you did it. */
  by: {
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /**
   * Of a close: the words of who closed it; quiet: Recado closed it after days without a message. Of a reopening:
   * received, sent, by_hand, snooze_over, not_sent. Of an assignment: the words of who did it. answered: a person
   * answered, who takes it from a program. left: the person left, or the API key was revoked. queued: its account gives
   * new ones to the team. given: the team gave it to a member. had_last: the same, to who had the person last.
   * no_answer: the assignee did not answer in time. offline: the assignee went offline.
   */
  reason: string | null;
  /** Of a snooze: its end. Null until the person writes. */
  until: string | null;
  /** Of an assignment: whose it became. Null for nobody. */
  assignee: {
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /** Of an assignment: whose it was. Null for nobody. */
  former_assignee: {
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /** Of an assignment: the team that it came to. Null: none. */
  team: ShownTeam | null;
  /** Of an assignment with the reason no_answer: how long the former assignee had to answer. */
  minutes: number | null;
  /** The number of the episode in the conversation. */
  episode: number | null;
}

export interface Episode {
  /** The id of an episode. */
  id: string;
  /** Its place in the conversation. The first one is 1. */
  number: number;
  /** When the person, or one of you, wrote first. */
  opened_at: string;
  /** The message that it began with. Null if somebody opened the conversation by hand. */
  opened_by_message_id: string | null;
  /** The campaign that this message answers. Null where it answers none. */
  campaign: {
    /** The id of a campaign. */
    id: string;
    /** Its current name. */
    name: string;
  } | null;
  /** The first answer that the person waited for. Null before it. */
  first_response: {
    /** The time of the answer. */
    at: string;
    /** Who answered. Null for the phone. */
    by: {
      id: string;
      /** The current name. */
      name: string;
    } | null;
    /** How long the person had waited. */
    seconds: number;
    /** How much of that was in the hours of the team. Null where the conversation had no team with hours. */
    business_seconds: number | null;
  } | null;
  /** Null while the work goes on. */
  closed_at: string | null;
  /** Who closed it. Null while it is not closed, after a merge, and where Recado did. */
  closed_by: {
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /** The words of who closed it. quiet: Recado did, after days without a message. Null without any. */
  close_reason: string | null;
}

export interface Followers {
  /** Who follows it, by name. */
  data: Array<{
    /** The id of a person. */
    person_id: string;
    /** The current name. */
    name: string;
    /** Since when. */
    since: string;
  }>;
}

/** The filters of the list of conversations. Without any: all conversations. */
export interface ViewFilter {
  /** Only the conversations of this account. */
  account_id?: string | undefined;
  /** Only the conversations of this team. */
  team_id?: string | undefined;
  /** Only the conversations with this label. */
  label_id?: string | undefined;
  /** Only the conversations in this state. */
  state?: 'open' | 'snoozed' | 'closed' | undefined;
  /** Only the conversations of this person or API key. me: of the caller. nobody: of nobody. */
  assignee?: 'me' | 'nobody' | string | undefined;
  /** Part of the contact's name, or at least three digits of the number. */
  search?: string | undefined;
  /**
   * newest, the default: by the last message. longest_waiting: the longest wait first, conversations where nobody waits
   * last. window_closing: the 24-hour window that closes next comes first, then what has no open window.
   */
  sort?: 'newest' | 'longest_waiting' | 'window_closing' | undefined;
  /** true: only with unread messages. false: only without. */
  unread?: boolean | undefined;
  /** true: only with a message that waits to be sent. */
  waiting?: boolean | undefined;
  /** true: only with a message of the last 7 days that failed or whose outcome is unknown. */
  not_sent?: boolean | undefined;
  /**
   * Only open conversations in which the person has waited for an answer for at least so many minutes. 0: for any time.
   */
  unanswered_minutes?: number | undefined;
  /**
   * Only the conversations whose 24-hour window is open, and closes within so many minutes. Accounts without a window
   * have none.
   */
  closes_within_minutes?: number | undefined;
}

export interface SavedView {
  /** The id of a saved view. */
  id: string;
  /** The name in the inbox. */
  name: string;
  /** personal: only for the caller. team: for the members of a team. workspace: for everybody. */
  scope: 'personal' | 'team' | 'workspace';
  /** The team of a view with the scope team. */
  team_id: string | null;
  filter: ViewFilter;
  /** Who created it. */
  created_by: string;
  /** The time of creation. */
  created_at: string;
  /** The time of the last change. */
  updated_at: string;
}

export interface SavedViewList {
  /** All of them, by name. */
  data: SavedView[];
}

export interface ConversationCounts {
  /** All conversations. */
  all: number;
  /** Open ones. Counted up to 100. */
  open: number;
  /** Snoozed ones. Counted up to 100. */
  snoozed: number;
  /** Open ones of the caller. Counted up to 100. */
  mine: number;
  /** Open ones of nobody. Counted up to 100. */
  unassigned: number;
  /** With unread messages. */
  unread: number;
  /** Open ones in which the person waits for an answer. Counted up to 100. */
  unanswered: number;
  /** Those of them whose 24-hour window closes within two hours. Counted up to 100. */
  closing: number;
  /** With a message that waits to be sent. Counted up to 100. */
  waiting: number;
  /** With a message of the last 7 days that failed or whose outcome is unknown. Counted up to 100. */
  not_sent: number;
  /** The saved views of the caller and of the workspace, by name. */
  saved_views: Array<{
    /** The id of a saved view. */
    id: string;
    /** The conversations of the view. Counted up to 100. */
    conversations: number;
  }>;
}

export interface Contact {
  /** The id of a contact. */
  id: string;
  /** The name you gave, or else the name of the WhatsApp profile. */
  name: string | null;
  /** E.164 number. Null where the channel hides it. */
  phone: string | null;
  /** Other numbers of the person, after a merge by hand. Messages to them lead to this contact. */
  other_phones: string[];
  /** The country of the number, as two letters. Null without a number, or if it is of no country. */
  country: string | null;
  /** The language of the person. Null if nobody set it. */
  language: string | null;
  /** The business-scoped user id of WhatsApp. Null until WhatsApp names it. */
  user_id: string | null;
  /** The username at WhatsApp. Null if none is known. */
  username: string | null;
  /** The user id for all businesses of your parent company at WhatsApp. Null if there is none. */
  parent_user_id: string | null;
  /** Your own name for the contact. Null if it has none. */
  reference: string | null;
  /** Your own data. Empty if there is none. */
  metadata: Record<string, string>;
  /** The values of your own fields, by key. A field without a value is left out. */
  fields: Record<string, string | number | boolean>;
  /** Where each value of `fields` came from, by key. */
  field_sources: Record<string, FieldSource>;
  /** The import that created the contact. Null if none did. */
  import_id: string | null;
  /** Its labels, by name. */
  labels: ShownLabel[];
  /** all: gets no messages. marketing: gets no marketing messages. Null without an opt-out. */
  opted_out: 'marketing' | 'all' | null;
  /** Set after error 131026, until the person is heard of again. Null otherwise. */
  whatsapp: {
    /** WhatsApp could not deliver to the number. */
    status: 'unreachable';
    /** The time of the first such error. */
    since: string;
  } | null;
  /** The time of the last message in either direction. */
  last_message_at: string | null;
  /** Inbound messages that nobody marked as read. At least 1 if somebody marked a conversation as unread. */
  unread_count: number;
  /** Number of messages, including messages deleted since. */
  message_counts: {
    /** Messages to the contact, whatever their status. */
    outbound: number;
    /** Messages that the contact wrote. */
    inbound: number;
  };
  /** The time of creation, by a request or by the first message. */
  created_at: string;
  /** The time of the last change. */
  updated_at: string;
}

export interface ChangedMembers {
  /** How many contacts came or left. */
  changed: number;
}

export interface LabelledContacts {
  /** How many contacts changed. */
  changed: number;
}

export interface Conversation {
  /** The id of a conversation. */
  id: string;
  /** The id of an account. */
  account_id: string;
  /** The contact of the conversation. */
  contact: {
    /** The id of a contact. */
    id: string;
    /** The name of the contact. */
    name: string | null;
    /** E.164 number. Null where the channel hides it. */
    phone: string | null;
    /** The business-scoped user id of WhatsApp. Null until WhatsApp names it. */
    user_id: string | null;
    /** The username at WhatsApp. Null if none is known. */
    username: string | null;
  };
  /** Its labels, by name. */
  labels: ShownLabel[];
  /**
   * open: somebody of you has to look at it. snoozed: later, or once the person writes. closed: nothing is to be done,
   * as before the first message of the person.
   */
  state: 'open' | 'snoozed' | 'closed';
  /** Since when. Null before the first episode. */
  state_since: string | null;
  /** When it opens again by itself. Null where it is not snoozed, and until the person writes. */
  snoozed_until: string | null;
  /**
   * The time of the oldest message of the person that nobody answered, in Recado or on the phone. Null if nobody waits,
   * and while it is closed. Programs, campaigns and reactions answer nothing.
   */
  waiting_since: string | null;
  /** The newest episode. Null before the first one. */
  episode_id: string | null;
  /** Whose conversation it is. Null for nobody. */
  assignee: {
    /** bot: a program, by its API key. */
    kind: 'person' | 'bot';
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /** Of which team it is. Null for none. */
  team: ShownTeam | null;
  /** When it goes back to the team, unless somebody has answered by then. Null: never. */
  reassign_due_at: string | null;
  /** Inbound messages that nobody marked as read. At least 1 if somebody marked a conversation as unread. */
  unread_count: number;
  /** Number of messages, including messages deleted since. */
  message_counts: {
    /** Messages to the contact, whatever their status. */
    outbound: number;
    /** Messages that the contact wrote. */
    inbound: number;
  };
  /** WhatsApp’s 24-hour window. Outside of it, only templates may be sent. */
  window: {
    /** Whether free-form messages may be sent now. */
    open: boolean;
    /** 24 hours after the person last wrote or called. Null if they never did. */
    until: string | null;
  };
  /** Who has the conversation. Null while nobody else ever had it. */
  owner: {
    /**
     * us: the person last wrote to you. other: another partner or an agent answers. Null after a hand-over, until the
     * next message tells.
     */
    is: 'us' | 'other' | null;
    /** The role of the owner, in the words of WhatsApp. Null if it did not say. */
    role: string | null;
    /** The time when WhatsApp last told of it. */
    since: string;
  } | null;
  /** The newest message that is no reaction. Null without one, and without the permission messages.read. */
  last_message: {
    /** The id of a message. */
    id: string;
    /** outbound: to the contact. */
    direction: 'outbound' | 'inbound';
    /** The type of the message. */
    type:
      | 'text'
      | 'image'
      | 'video'
      | 'audio'
      | 'document'
      | 'sticker'
      | 'location'
      | 'contacts'
      | 'reaction'
      | 'interactive'
      | 'template'
      | 'button'
      | 'order'
      | 'call'
      | 'system'
      | 'unsupported';
    /** The status of the message. */
    status:
      | 'scheduled'
      | 'queued'
      | 'sending'
      | 'unknown'
      | 'sent'
      | 'failed'
      | 'delivered'
      | 'read'
      | 'played'
      | 'cancelled'
      | 'expired'
      | 'received';
    /** phone: written on the phone of the account. standby: somebody else had the conversation. */
    source: 'phone' | 'standby' | null;
    /** Its text, caption or name, up to 200 characters. Null if it has none or was deleted. */
    text: string | null;
    /** Why it failed. Null if it did not. */
    error_code: string | null;
    /** The campaign of the message. Null if it has none. */
    campaign_id: string | null;
    /**
     * The person or the API key that sent the message; of a campaign, who started it. Null for an inbound message, for
     * one from the phone, and for one that Recado sent by itself.
     */
    created_by: {
      /** The id of the person or the API key. */
      id: string;
      /** The current name. */
      name: string;
    } | null;
    /** The time when Recado accepted or received it. */
    created_at: string;
  } | null;
  /** The time of the last message in either direction, or else that of the creation. */
  last_message_at: string;
  /** The time of the creation, by the first message or by a request. */
  created_at: string;
}

export interface ConversationJob {
  /** The id of a conversation job. */
  id: string;
  /** What is done with each. */
  action: 'close' | 'snooze' | 'assign' | 'label' | 'unlabel';
  /** Of a snooze: when they open again. */
  until: string | null;
  /** The words of who began it. Null without any. */
  reason: string | null;
  /** Of an assignment: the new assignee. */
  person_id: string | null;
  /** Of an assignment: the new team. Null: it stays. */
  team_id: string | null;
  /** The label of `label` and `unlabel`. */
  label_id: string | null;
  /** stopped: by somebody, before all were done. */
  state: 'running' | 'done' | 'stopped' | 'undoing' | 'undone';
  /** How many conversations it has. */
  total: number;
  /** How many it changed. */
  done: number;
  /**
   * How many it left as they are: they were so already, their person wrote meanwhile, or the person may not answer in
   * their account.
   */
  skipped: number;
  /** How many of them are as before again. */
  undone: number;
  /** When it began. */
  created_at: string;
  /** When it was over. Null before. */
  ended_at: string | null;
  /** Until when it can be undone. Null where it cannot. */
  undo_until: string | null;
}

export interface Demo {
  /** The account of the demo data. Null without any. */
  account_id: string | null;
  /** Made-up people, whom its removal erases. Counted up to 10,001. */
  people: number;
  /** Messages with them. Counted up to 10,001. */
  messages: number;
  /**
   * Contacts of the account that are not of the demo alone: somebody else wrote to it, or a made-up person has
   * conversations with other accounts. At most 100. Empty without the permission contacts.read.
   */
  others: Array<{
    /** The id of a contact. */
    contact_id: string;
    /** The name of the contact. */
    name: string | null;
    /** E.164 number. Null where the channel hides it. */
    phone: string | null;
    /** Their messages with the account of the demo. Counted up to 10,001. */
    messages: number;
    /** Whether they have conversations with other accounts. */
    elsewhere: boolean;
  }>;
  /** How many of them there are. Counted up to 10,001. */
  others_total: number;
}

export interface Import {
  /** The id of an import. */
  id: string;
  /** The name of the file. */
  name: string;
  /**
   * uploaded: needs its columns. checking: its rows are read. ready: may run. running, undoing: at work. finished,
   * failed, cancelled, undone: over.
   */
  state:
    | 'uploaded'
    | 'checking'
    | 'ready'
    | 'running'
    | 'finished'
    | 'failed'
    | 'cancelled'
    | 'undoing'
    | 'undone';
  /** The facts of the file. */
  file: {
    /** The size in bytes. */
    bytes: number;
    /** The SHA-256 of the file, in hexadecimal. */
    sha256: string;
    /** How its characters are written. */
    encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
    /** The character between two cells. */
    delimiter: 'comma' | 'semicolon' | 'tab' | 'pipe';
    /** Whether the first row has the names of the columns. */
    header: boolean;
    /** Whether Recado still has the file. It goes when the import runs. */
    stored: boolean;
  };
  /** The columns of the file, in their order. */
  columns: Array<{
    /** The place of the column, from 1. */
    column: number;
    /** Its name in the first row. Null without such a row. */
    name: string | null;
    /** Its first values, up to 3. Empty once the rows are gone. */
    values: string[];
    /** The target that Recado proposes, by the name and the values. */
    guess:
      | 'name'
      | 'phone'
      | 'second_phone'
      | 'country'
      | 'contact_id'
      | 'reference'
      | 'language'
      | 'labels'
      | 'opt_out'
      | 'value'
      | 'leave_out' | string;
    /**
     * What the column becomes. Columns with `name` are joined by a space, columns with `labels` are taken together. A
     * number of `second_phone` counts where the cell of `phone` is empty. `contact_id` is the id of an export. Values
     * of `value` are kept for campaigns as long as the rows, and not written to contacts.
     */
    target:
      | 'name'
      | 'phone'
      | 'second_phone'
      | 'country'
      | 'contact_id'
      | 'reference'
      | 'language'
      | 'labels'
      | 'opt_out'
      | 'value'
      | 'leave_out' | string;
    /** Of a column with `value`: the key by which campaigns name it, from its name. Else null. */
    key: string | null;
  }>;
  /** The country of numbers without a country code. */
  default_country: string | null;
  /**
   * Whether numbers without + begin with their country code, as WhatsApp writes them. Where no such number exists,
   * `default_country` counts.
   */
  numbers_have_country_code: boolean;
  /** The order of year, month and day in dates. ymd: 2026-11-30. */
  dates: 'ymd' | 'dmy' | 'mdy';
  /** What happens to a contact that is there already. Labels are only added. */
  if_known: 'fill_empty' | 'replace' | 'skip';
  /** Whether the import creates the labels that are not there. Otherwise such rows are invalid. */
  create_labels: boolean;
  /** What a yes in the column with `opt_out` means. A cell may also say marketing or all. */
  opt_out_category: 'marketing' | 'all';
  /** The labels that the import creates, or created. */
  new_labels: string[];
  /** How many rows there are of each kind. Complete once the state is ready. */
  counts: {
    /** The rows of the file, without the names of the columns. */
    rows: number;
    /** The rows of contacts that are not there. */
    new: number;
    /** The rows of contacts that are there. */
    known: number;
    /** The rows whose person has a later row, which counts. */
    duplicate: number;
    /** The rows that are left out. */
    invalid: number;
    /** Of the invalid: rows that a certain `suggestion` makes valid. */
    suggested: number;
    /** Of the invalid: rows whose number has two readings. */
    two_readings: number;
    /** The contacts that the suggested rows would add, if all suggestions are taken. */
    suggested_new: number;
    /** The known contacts that only suggested rows name. */
    suggested_known: number;
    /** Of the suggested rows: those whose number is one of a contact. */
    suggested_contacts: number;
    /** Of the new and the known: rows whose number is that of `second_phone`. */
    second_phone: number;
    /** Of the new and the known: people who want no messages, or no marketing messages. */
    opted_out: number;
    /** Of the known: numbers that WhatsApp could not deliver to. */
    unreachable: number;
    /** The contacts that the import created. */
    created: number;
    /** The contacts that it changed. */
    updated: number;
    /** The contacts that had all values already. */
    unchanged: number;
    /** The known contacts that it left alone, as `if_known` says. */
    skipped: number;
    /** The contacts that an undo deleted or changed back. */
    restored: number;
  };
  /** How far the work is. Null while there is none. */
  progress: {
    /** The rows that are done. */
    done: number;
    /** The rows that there are to do. */
    of: number;
  } | null;
  /** Why it failed. Null if it did not. */
  error: {
    /** Machine-readable code. */
    code: string;
    /** What is wrong, and what to do. */
    message: string;
  } | null;
  /** The id of the person or of the key that uploaded the file. */
  created_by: string;
  /** The time of the upload. */
  created_at: string;
  /** The end of the check. Null before. */
  checked_at: string | null;
  /** The begin of the run. Null before. */
  started_at: string | null;
  /** When it finished, failed or was cancelled. Null before. */
  finished_at: string | null;
  /** Until when it can be undone. Null if it cannot. */
  undo_until: string | null;
  /** The end of the undo. Null without one. */
  undone_at: string | null;
}

export interface ImportRow {
  /** The number of the row, as a spreadsheet counts: the names of the columns are in row 1. */
  row: number;
  /**
   * new, known: before the run. created, updated, unchanged, skipped: after it. duplicate: a later row counts. invalid:
   * left out.
   */
  fate:
    | 'new'
    | 'known'
    | 'duplicate'
    | 'invalid'
    | 'created'
    | 'updated'
    | 'unchanged'
    | 'skipped';
  /** Why it is invalid, duplicate or skipped. Else null. */
  code:
    | 'nobody_named'
    | 'phone_unreadable'
    | 'phone_scientific'
    | 'phone_without_country'
    | 'phone_too_short'
    | 'phone_too_long'
    | 'phone_impossible'
    | 'phone_two_readings'
    | 'country_unknown'
    | 'line_break'
    | 'contact_id_invalid'
    | 'name_invalid'
    | 'reference_invalid'
    | 'language_invalid'
    | 'field_invalid'
    | 'label_invalid'
    | 'label_unknown'
    | 'too_many_labels'
    | 'opt_out_invalid'
    | 'value_too_long'
    | 'too_many_cells'
    | 'quote_not_closed'
    | 'text_after_quote'
    | 'later_row'
    | 'already_known' | null;
  /** The same in words, with the remedy. */
  message: string | null;
  /** The column that is wrong. Null if no single one is. */
  column: number | null;
  /** The number that is meant, where only one can be. Null without one. */
  suggestion: {
    /** The number in E.164. */
    phone: string;
    /** The only country in which the number is valid. */
    country: string | null;
    /** The contact with the number. Null if none. */
    contact_id: string | null;
  } | null;
  /** The numbers that may be meant, where there are several. Empty for others. */
  readings: Array<{
    /** The number in E.164. */
    phone: string;
    /** Its country. */
    country: string | null;
  }>;
  /** The cells of an invalid row. Null for others. */
  cells: string[] | null;
  /** The contact. Null if there is none. */
  contact_id: string | null;
  /** The name that the row gives. */
  name: string | null;
  /** The number that the row gives, in E.164. */
  phone: string | null;
  /** The reference that the row gives. */
  reference: string | null;
  /** The language that the row gives. */
  language: string | null;
  /** The values of your own fields that the row gives. */
  fields: Record<string, string | number | boolean>;
  /** The names of the labels that the row gives. */
  labels: string[];
  /** The values that the row keeps for campaigns, by the key of their column. */
  values: Record<string, string>;
  /** The opt-out that the row gives. */
  opt_out: 'marketing' | 'all' | null;
  /** Whether the person wants no messages, or no marketing messages. */
  opted_out: boolean;
  /** Whether WhatsApp could not deliver to the known number. */
  unreachable: boolean;
}

export interface ImportPreview {
  /** The first 20 rows, as they will be. */
  data: ImportRow[];
}

export interface SavedReply {
  /** The id of a saved reply. */
  id: string;
  /** What people type after /. */
  shortcut: string;
  /** What people read in the list. */
  title: string;
  /** The text with its variables. */
  body: string;
  /** personal: only for the caller. team: for the members of a team. workspace: for everybody. */
  scope: 'personal' | 'team' | 'workspace';
  /** The team of a reply with the scope team. */
  team_id: string | null;
  /** The files that go with it. */
  files: Array<{
    /** The id of a file. */
    id: string;
    /** The file name. */
    filename: string | null;
    /** The type of message that carries the file. */
    kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
    /** The media type. */
    mime_type: string | null;
    /** The size in bytes. */
    size: number | null;
  }>;
  /** The language of the text. Null if nobody set it. */
  language: string | null;
  /** Only for these accounts, as far as the caller sees them. Null for all. */
  account_ids: string[] | null;
  /** The template that people send instead while the 24-hour window is closed. Null for none. */
  template: {
    /** The name of the template. */
    name: string;
    /** The language of the template. */
    language: string;
  } | null;
  /** How often it was used in the last 30 days. */
  uses: number;
  /** Who wrote it. */
  created_by: {
    id: string;
    /** The current name. */
    name: string | null;
  };
  /** The time of creation. */
  created_at: string;
  /** The time of the last change. */
  updated_at: string;
}

export interface EventPage {
  /** The events, in order. */
  data: RecadoEvent[];
  /** True if there are more events now. */
  has_more: boolean;
  /** The `after`, or the `before`, of the next request. Null where there is no event yet. */
  last_id: string | null;
}

export interface EventTypes {
  /** All types. */
  data: Array<{
    /** The type. */
    type: string;
    /** What happened. */
    description: string;
    /** The permission that shows such events. */
    permission: string;
    /** The version that introduced the type. */
    since: string;
    /** The JSON Schema of `data`. */
    schema: Record<string, unknown>;
    /** An event of this type. */
    example: RecadoEvent;
  }>;
}

export interface Endpoint {
  /** The id of an endpoint. */
  id: string;
  /** Where Recado posts the events. */
  url: string;
  /** Your own name for it. */
  description: string | null;
  /** The event types that it gets, such as `message.received` or the group `message.*`. Null for all. */
  event_types: string[] | null;
  /** Only events of these accounts. Null for all events. */
  account_ids: string[] | null;
  /**
   * Only events that match: `{field, equals | in | exists}`, combined with `and` and `or`. At most 4 levels and 50
   * conditions. Null for all.
   */
  filter: Record<string, unknown> | null;
  /** The names of the additional headers. */
  header_names: string[];
  /** The form of the body. */
  format: 'recado';
  /** The most requests in a time, spread evenly. Null for no limit. */
  rate_limit: {
    /** The most requests in the time. */
    messages: number;
    /** The time in seconds. */
    seconds: number;
  } | null;
  /** The most requests at once. */
  concurrency: number;
  /** false: phone numbers of contacts arrive as ••• and their last four digits. */
  sees_numbers: boolean;
  /**
   * active: it gets events. paused: deliveries wait for `active`. disabled: Recado stopped it, see `disabled_reason`.
   */
  status: 'active' | 'paused' | 'disabled';
  /**
   * gone: it answered 410. failing: no success for five days. access_lost: the creator lost the rights. Null if it is
   * not disabled.
   */
  disabled_reason: 'gone' | 'failing' | 'access_lost' | null;
  /** The first failure since the last success. Null if the last attempt was a success. */
  failing_since: string | null;
  /** Who created it, or chose its events last. It gets no event that they cannot see. */
  created_by: string;
  /** The time of creation. */
  created_at: string;
}

export interface ShownEndpoint extends Endpoint {
  /** The numbers of deliveries that the endpoint has. */
  deliveries: {
    /** Deliveries that wait for their first or next attempt. Null above 10,000. */
    waiting: number | null;
    /** Those of them that failed before and are next in their conversation. Null above 10,000. */
    retrying: number | null;
    /** Deliveries of the last 30 days without attempts left. Null above 10,000. */
    failed: number | null;
  };
}

export interface NewEndpoint extends Endpoint {
  /** The secret of the signatures. Recado shows it only in this answer. Null for one that you brought along. */
  secret: string | null;
}

export interface RotatedSecret {
  /** The secret of the signatures. Recado shows it only in this answer. Null for one that you brought along. */
  secret: string | null;
  /** Until then the former secret signs too. Earlier ones sign until their own times. */
  former_secret_until: string;
}

export interface EndpointTest {
  /** The id of the test event. */
  event_id: string;
  /** paused: the event waits until the endpoint is active. */
  endpoint_status: 'active' | 'paused';
}

export interface EndpointDelivery {
  /** The id of a delivery. */
  id: string;
  /** The id of an endpoint. */
  endpoint_id: string;
  /** The id of an event. */
  event_id: string;
  /** The type of the event. */
  event_type: string;
  /** The id of an account. */
  account_id: string | null;
  /** The replay that made it. Null for others. */
  replay_id: string | null;
  /** waiting: for its first or next attempt. succeeded: answered with 2xx. failed: no attempts are left. */
  status: 'waiting' | 'succeeded' | 'failed';
  /** The number of attempts so far. */
  attempt_count: number;
  /** The HTTP status. Null if there was no answer. */
  http_status: number | null;
  /**
   * Why it failed. http_status: not 2xx. redirect: a redirect, which Recado does not follow. gone: 410. timeout: no
   * whole answer in 20 seconds. unavailable: no connection, or it broke off. link_rejected: the address is not public.
   * event_gone: the event was deleted or erased, or the endpoint no longer has the right to it. secret_unreadable: the
   * server lacks its former SECRET_KEY. Null if it did not fail.
   */
  error:
    | 'http_status'
    | 'redirect'
    | 'gone'
    | 'timeout'
    | 'unavailable'
    | 'link_rejected'
    | 'event_gone'
    | 'secret_unreadable' | null;
  /** Not before this time. It also waits for earlier events of its conversation. Null if it has ended. */
  next_attempt_at: string | null;
  /** The time when Recado queued it. */
  created_at: string;
  /** The time of the success or the last failure. */
  ended_at: string | null;
}

export interface ShownEndpointDelivery extends EndpointDelivery {
  /**
   * The event as it is shown now, so its message may be newer than at the attempt. Null if the event is gone, or you or
   * the endpoint may not see it.
   */
  event: RecadoEvent | null;
  /** The newest 100 attempts, oldest first. */
  attempts: Array<{
    /** The number of the attempt, from 1. */
    number: number;
    /** The time when the request began. */
    started_at: string;
    /** How long it took, in milliseconds. */
    duration_ms: number;
    /** The HTTP status. Null if there was no answer. */
    http_status: number | null;
    /**
     * Why it failed. http_status: not 2xx. redirect: a redirect, which Recado does not follow. gone: 410. timeout: no
     * whole answer in 20 seconds. unavailable: no connection, or it broke off. link_rejected: the address is not
     * public. event_gone: the event was deleted or erased, or the endpoint no longer has the right to it.
     * secret_unreadable: the server lacks its former SECRET_KEY. Null if it did not fail.
     */
    error:
      | 'http_status'
      | 'redirect'
      | 'gone'
      | 'timeout'
      | 'unavailable'
      | 'link_rejected'
      | 'event_gone'
      | 'secret_unreadable' | null;
    /** The first 500 characters of the answer, or of the failure. */
    excerpt: string | null;
    /** The time of the next attempt. Null if there is none. */
    next_attempt_at: string | null;
  }>;
}

export interface EndpointReplay {
  /** The id of a replay. */
  id: string;
  /** The id of an endpoint. */
  endpoint_id: string;
  /** replay: events of a time are delivered again. recover: failed deliveries are attempted again. */
  kind: 'replay' | 'recover';
  /** The begin of the time. */
  from: string;
  /** The end of the time. */
  until: string;
  /** Only these event types. Null for all. */
  event_types: string[] | null;
  /** running: Recado still queues deliveries. done: all are queued. */
  status: 'running' | 'done';
  /**
   * Events or deliveries that were examined so far. What waits behind a failed delivery of its conversation goes on
   * with it, and is not counted.
   */
  examined: number;
  /** Deliveries that were queued so far. */
  queued: number;
  /** The time of the request. */
  created_at: string;
  /** The time when all were queued. */
  ended_at: string | null;
}

export interface Hook {
  /** The id of a hook. */
  id: string;
  /** What people call it. Plain text has it as its source. */
  name: string;
  /** The account that writes. */
  account_id: string;
  /** The contacts whom it writes to. */
  contact_ids: string[];
  /** What is sent outside of the 24-hour window. Null: then nothing can be sent. */
  template: {
    /** An approved utility template. */
    name: string;
    /** The language of the template. */
    language: string;
    /** What fills the variables of its body, in their order. */
    variables: Array<'state' | 'title' | 'text' | 'source' | 'message'>;
  } | null;
  /** Whose alerts it reads. Null: Recado finds out. */
  format: 'alertmanager' | 'grafana' | 'uptime_kuma' | 'text' | null;
  /** Whether people are told that something is over. */
  tells_resolved: boolean;
  /** Calls within this time make one message. */
  group_seconds: number;
  /** Calls beyond the limit wait, and make one message. */
  limit: {
    /** The most messages to each contact within the time. */
    messages: number;
    /** In this time. The same alert in the same state is told once in it. */
    seconds: number;
  };
  /** The last characters of its token. */
  token_end: string;
  /** How often it was called in the last 24 hours. */
  calls: number;
  /** Its last call. Null if there was none in 30 days. */
  last_call: {
    /** When it was called. */
    at: string;
    /** What became of the call. */
    outcome: 'waiting' | 'sent' | 'failed' | 'repeated' | 'left_out' | 'rejected';
  } | null;
  /** In whose name it writes. */
  created_by: string;
  /** The time of creation. */
  created_at: string;
}

export interface NewHook extends Hook {
  /** The secret of the address. Recado shows it only in this answer. */
  token: string;
  /** The address that the other program calls. Anybody who has it can send. */
  url: string;
}

export interface HookCall {
  /** The id of a call of a hook. */
  id: string;
  /** When it came. */
  at: string;
  /** Whose alert it was. Null: it was not understood. */
  format: 'alertmanager' | 'grafana' | 'uptime_kuma' | 'text' | null;
  /** What it said of its subject. */
  state: 'firing' | 'resolved' | 'note' | null;
  /** What it was about. */
  title: string | null;
  /**
   * waiting: for others to join, or for the limit. repeated: the same was told before. left_out: it was over, which
   * this hook does not tell.
   */
  outcome: 'waiting' | 'sent' | 'failed' | 'repeated' | 'left_out' | 'rejected';
  /** The HTTP status that Recado answered. */
  status: number;
  /** Why it was rejected, or why somebody was not written to. */
  error: string | null;
  /** The call with which it was told in one message. Null: none, or it is the first of them. */
  told_with: string | null;
  /** The messages that tell it. */
  messages: {
    /** How many messages were accepted. */
    total: number;
    /** What became of them. */
    by_status: Record<string, number>;
  };
}

export interface TakenHookCall {
  /** The id of a call of a hook. */
  id: string;
  /** waiting, repeated or left_out. */
  outcome: 'waiting' | 'sent' | 'failed' | 'repeated' | 'left_out' | 'rejected';
}

export interface DeadLetter {
  /** The id of a dead letter. */
  id: string;
  /** The account that it is about. Null if Recado does not know it. */
  account_id: string | null;
  /** retrying: Recado is processing the webhook again. If that succeeds, the dead letter disappears. */
  status: 'open' | 'retrying';
  /** Why Recado could not apply the item. */
  error: {
    /**
     * body_unreadable: the body is not a notification. body_too_complex: the body has more than 50,000 values or 50
     * levels. item_unreadable: an item lacks something or has an unknown form. field_unknown: Recado does not process
     * this kind of item. account_unknown: no account has the number, or belongs to the business. not_storable: the
     * database rejected the item. more_items: 100 items of the webhook have dead letters of their own; this one counts
     * the others. apply_failed: three tries to process the webhook failed. app_unknown: no app of this name is
     * configured.
     */
    code:
      | 'body_unreadable'
      | 'body_too_complex'
      | 'item_unreadable'
      | 'field_unknown'
      | 'account_unknown'
      | 'not_storable'
      | 'more_items'
      | 'apply_failed'
      | 'app_unknown';
    /** The error as text. */
    title: string;
  };
  /** The item, of any type. Null for the whole body, and for `more_items`. */
  item: unknown;
  /** The time when the webhook arrived. */
  received_at: string;
}

export interface RawWebhook {
  /** The id of a raw webhook. */
  id: string;
  /** The account of the first number in it. Null if Recado does not know it. */
  account_id: string | null;
  /** The name of the app in the address of the webhook. */
  app: string;
  /** The time when it arrived. */
  received_at: string;
  /** The time when Recado processed it. Null while it is processed again. */
  processed_at: string | null;
}

export interface RawWebhookDetails extends RawWebhook {
  /** The headers that Recado keeps: content-type, user-agent and x-hub-signature-256. */
  headers: Record<string, string>;
  /** The body as it arrived. Empty after the erasure of a person in it. */
  body: string;
  /** base64 if the body is not UTF-8. */
  encoding: 'utf-8' | 'base64';
}

export interface DeadLetterDetails extends DeadLetter {
  /** The webhook of the item. Null if it is also about accounts that you cannot see. */
  webhook: RawWebhookDetails | null;
}

export interface ApiKey {
  /** The id of an API key. */
  id: string;
  /** The purpose of the key. */
  name: string;
  /** The first characters of the key. */
  hint: string;
  /** True if the key can access Sandbox accounts only. */
  test: boolean;
  /** The permissions of the key. */
  scopes: Array<
    | 'messages.create'
    | 'messages.read'
    | 'messages.update'
    | 'notes.write'
    | 'accounts.read'
    | 'accounts.manage'
    | 'contacts.read'
    | 'contacts.manage'
    | 'contacts.configure'
    | 'contacts.import'
    | 'contacts.export'
    | 'contacts.erase'
    | 'opt_outs.read'
    | 'opt_outs.manage'
    | 'media.create'
    | 'media.read'
    | 'media.delete'
    | 'replies.manage'
    | 'templates.read'
    | 'templates.manage'
    | 'campaigns.read'
    | 'campaigns.manage'
    | 'campaigns.start'
    | 'cost.read'
    | 'cost.manage'
    | 'alerts.read'
    | 'alerts.update'
    | 'alerts.manage'
    | 'installation.check'
    | 'teams.manage'
    | 'audit.read'
    | 'requests.read'
    | 'inbound.manage'
    | 'endpoints.read'
    | 'endpoints.manage'
    | 'wall_views.manage'
    | 'hooks.manage'>;
  /** False if the key gets only the last four digits of the numbers of contacts. */
  sees_numbers: boolean;
  /** The accounts that the key can access. Null for all. */
  account_ids: string[] | null;
  /** The IP addresses or ranges that may use the key. Null for all. */
  addresses: string[] | null;
  /** The person who created the key. */
  created_by: {
    /** The id of a person. */
    id: string;
    /** The name of the person. */
    name: string;
  };
  /** The time of creation. */
  created_at: string;
  /** The key stops working at this time. Null for never. */
  expires_at: string | null;
  /** The time when the key was revoked. Null if it was not. */
  revoked_at: string | null;
  /** The time of the last request with the key, to the minute. */
  last_used_at: string | null;
}

export interface NewApiKey extends ApiKey {
  /** The key. Recado shows it only in this answer. */
  key: string;
}

export interface Notification {
  /** The id of a notification. */
  id: string;
  /**
   * mention: a note names you. handed_over: a program gave it to you. assigned: somebody gave it to you. not_sent: your
   * message failed or its outcome is unknown. snooze_over: the snooze of one of yours ended. message: the person of one
   * of yours wrote. followed: the person of one that you follow wrote. queue: somebody wrote whom nobody has, or your
   * team got a conversation of nobody. alert: an alert fires. approval: a campaign waits for the approval of a second
   * person. approval_rule: an owner changed which campaigns need one.
   */
  kind:
    | 'mention'
    | 'handed_over'
    | 'assigned'
    | 'not_sent'
    | 'snooze_over'
    | 'message'
    | 'followed'
    | 'queue'
    | 'alert'
    | 'approval'
    | 'approval_rule';
  /** How often it happened since you last read it. */
  count: number;
  /** When it happened last. */
  at: string;
  /** When you read it. Null before. */
  read_at: string | null;
  /** Null where it is about no account. */
  account_id: string | null;
  /** Null where it is about none. */
  conversation: {
    /** The id of a conversation. */
    id: string;
    /** The name of the contact, or else the number or username. */
    name: string | null;
  } | null;
  /** Null where it is about none. */
  alert: {
    /** The id of an alert. */
    id: string;
    /** What is wrong, in English. */
    title: string;
    /** notice, warning or critical. */
    severity: 'notice' | 'warning' | 'critical';
  } | null;
  /** Null where it is about none. */
  campaign: {
    /** The id of a campaign. */
    id: string;
    /** The name. */
    name: string;
  } | null;
  /** Who did it. Null where it was the person outside, or Recado. */
  by: {
    id: string;
    /** The current name. */
    name: string;
  } | null;
  /** The beginning of the newest message. Null without a text. */
  text: string | null;
  /** Where you hear of this kind, by your settings. */
  channels: Array<'app' | 'browser' | 'sound' | 'email'>;
}

export interface ReadNotifications {
  /** How many became read. */
  read: number;
}

export interface NotificationSettings {
  /** The channels of each kind. */
  kinds: {
    /** Where you hear of mention. */
    mention: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of handed_over. */
    handed_over: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of assigned. */
    assigned: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of not_sent. */
    not_sent: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of snooze_over. */
    snooze_over: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of message. */
    message: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of followed. */
    followed: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of queue. */
    queue: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of alert. */
    alert: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of approval. */
    approval: Array<'app' | 'browser' | 'sound' | 'email'>;
    /** Where you hear of approval_rule. */
    approval_rule: Array<'app' | 'browser' | 'sound' | 'email'>;
  };
  /** What is shown outside of the app: text: the name and the text. name: only who. nothing: neither. */
  content: 'text' | 'name' | 'nothing';
  /** Which sound. */
  sound: 'drop' | 'wood' | 'page' | 'bell';
  /** How loud, in percent. */
  volume: number;
  /** Whether the title and the icon of the tab count what is unread. */
  counts: boolean;
  /** Whether this installation has a mail server. */
  sends_mail: boolean;
}

export interface PushKey {
  /** The applicationServerKey of this installation, as base64url. */
  public_key: string;
}

export interface PushSubscription {
  /** The id of a push subscription. */
  id: string;
  /** The browser, as it named itself at the login. */
  user_agent: string | null;
  /** Whether it is the browser of this session. */
  current: boolean;
  /** When it subscribed. */
  created_at: string;
  /** When it was told of something last. Null before. */
  last_at: string | null;
  /** Why the push service did not take the last one. Null if it did. */
  error: string | null;
}

export interface LedgerEntry {
  /** The id of an entry of the ledger of opt-outs. */
  id: string;
  /** The time of the entry. */
  at: string;
  /** The contact. Null after the erasure of the person. */
  contact_id: string | null;
  /** E.164 number. Null where it is hidden or was erased. */
  phone: string | null;
  /** After the erasure of the person: SHA-256 hashes of the workspace with each address, in hexadecimal. */
  address_hashes: string[];
  /** in: the person wants messages. out: the person wants none. */
  kind: 'in' | 'out';
  /** marketing, or all messages. */
  category: 'marketing' | 'all';
  /**
   * word: the person wrote a word like STOP. button: the person pressed a button of a template. whatsapp: the person
   * chose it in WhatsApp. rejection: WhatsApp rejected a marketing message. page: the person used the page behind a
   * link. person: somebody who was logged in. api: an API key. import: an import.
   */
  source: 'word' | 'button' | 'whatsapp' | 'rejection' | 'page' | 'person' | 'api' | 'import';
  /** The account that it was said to, if any. */
  account_id: string | null;
  /** The facts that show it. */
  proof: {
    /** The id of a message. */
    message_id?: string | undefined;
    /** The word or the button, as the person wrote it. */
    word?: string | undefined;
    /** The id of a suggestion of an opt-out. */
    opt_out_suggestion_id?: string | undefined;
    /** The id of an import. */
    contact_import_id?: string | undefined;
  };
  /** The caller who did it. Null for the person themselves and for WhatsApp. */
  actor: {
    /** The kind of caller. */
    kind: 'person' | 'api_key';
    /** The id of the person or the API key. */
    id: string;
  } | null;
  /** The reason. Null after the erasure of the person. */
  reason: string | null;
  /** Of a consent: its legal basis. */
  legal_basis: string | null;
  /** Of a consent: the words that the person agreed to. */
  wording: string | null;
  /** Of a consent: the time when the person gave it. */
  given_at: string | null;
}

export interface OptOutLink {
  /** The id of a contact. */
  contact_id: string;
  /** The address of the page. It does not expire. */
  url: string;
  /** The end of the address, for a button of a template. */
  token: string;
}

export interface OptOutState {
  /** The name of the workspace. */
  workspace_name: string;
  /** The last 4 digits of the number. Null if it has none. */
  number_ending: string | null;
  /** The opt-out of the person: marketing, or all messages. Null: none. */
  opted_out: 'marketing' | 'all' | null;
  /** The time of the opt-out. */
  since: string | null;
  /** Whether the page can take it back: it did it. */
  revocable: boolean;
}

export interface OptOutSettings {
  /**
   * The messages that a word stops. marketing: templates of the category MARKETING. all: all messages. Default:
   * marketing.
   */
  effect: 'marketing' | 'all';
  /** The short answer to a word. */
  answers: {
    /** Whether Recado answers a word, once in 24 hours for stop and for start. Default: true. */
    enabled: boolean;
    /** The answer to a word that stops messages. Null for a text in the language of the word. */
    stop: string | null;
    /** The answer to a word that starts messages again. Null for a text in the language of the word. */
    start: string | null;
  };
  /** The words. Only a whole message counts. */
  words: {
    /** Your own words that stop messages, in small letters. */
    stop: string[];
    /** Your own words that start them again, in small letters. */
    start: string[];
    /** The words that every workspace has. */
    built_in: Array<{
      /** The word. */
      word: string;
      /** Its language, as in `pt`. */
      language: string;
      /** Whether it stops or starts messages. */
      action: 'stop' | 'start';
      /** Whether it acts in this workspace. */
      on: boolean;
    }>;
  };
  /**
   * Whether a person gets marketing templates only with a consent in the ledger. Recado rejects others with
   * `consent_missing`. Default: false.
   */
  consent_required: boolean;
}

export interface OptOutSuggestion {
  /** The id of a suggestion of an opt-out. */
  id: string;
  /** The id of an account. */
  account_id: string;
  /** The id of a message. */
  message_id: string;
  /** The id of a conversation. */
  conversation_id: string;
  /** The id of a contact. */
  contact_id: string;
  /** The part of the message that may mean an opt-out, in small letters. */
  phrase: string;
  /** open, or taken by an opt-out, or dismissed. */
  state: 'open' | 'taken' | 'dismissed';
  /** The caller who decided. Null while it is open. */
  decided_by: {
    /** The kind of caller. */
    kind: 'person' | 'api_key';
    /** The id of the person or the API key. */
    id: string;
  } | null;
  /** The time of the decision. */
  decided_at: string | null;
  /** The time of the suggestion. */
  created_at: string;
}

export interface Person {
  /** The id of a person. */
  id: string;
  /** The name of the person. */
  name: string;
  /** The e-mail address for the login. */
  email: string;
  /** The role of the person in this workspace. */
  role: 'owner' | 'admin' | 'agent' | 'viewer';
  /** The accounts that the person can access. Null for all. */
  account_ids: string[] | null;
  /**
   * The conversations that the person reads. all; team: of their teams, of no team, and their own; own: assigned to
   * them, with a note that mentions them, and unassigned ones of their teams.
   */
  conversations: 'all' | 'team' | 'own';
  /** Whether the person sees the phone numbers of contacts. If not, all but the last four digits are masked. */
  sees_numbers: boolean;
  /** True if the person cannot log in to this workspace. */
  disabled: boolean;
  /** True if the person logs in with a second factor. */
  second_factor: boolean;
  /** The time when the person joined this workspace. */
  created_at: string;
}

export interface ResetLink {
  /** The one-time link to give to the person. Null if mailed. */
  link: string | null;
  /** True if Recado mailed the link to the person. */
  mailed: boolean;
  /** The link works until this time. */
  expires_at: string;
}

export interface Invitation {
  /** The id of an invitation. */
  id: string;
  /** The invited e-mail address. */
  email: string;
  /** The role that the invited person gets. */
  role: 'owner' | 'admin' | 'agent' | 'viewer';
  /** The accounts that the invited person can access. Null for all. */
  account_ids: string[] | null;
  /**
   * The conversations that the invited person reads. all; team: of their teams, of no team, and their own; own:
   * assigned to them, with a note that mentions them, and unassigned ones of their teams.
   */
  conversations: 'all' | 'team' | 'own';
  /** Whether the invited person sees the phone numbers of contacts. If not, all but the last four digits are masked. */
  sees_numbers: boolean;
  /** Only an open invitation can be accepted. */
  status: 'open' | 'accepted' | 'revoked' | 'expired';
  /** The person who created the invitation. */
  invited_by: {
    /** The id of a person. */
    id: string;
    /** The name of the person. */
    name: string;
  };
  /** The time of creation. */
  created_at: string;
  /** The invitation can be accepted until this time. */
  expires_at: string;
}

export interface NewInvitation extends Invitation {
  /** True if Recado mailed the link to the person. */
  mailed: boolean;
  /** The link to give to the person, shown once. Null if mailed. */
  link: string | null;
}

export interface InvitationPreview {
  /** The workspace that the person joins. */
  workspace_name: string;
  /** The name of the inviter. Null if the person is gone. */
  invited_by: string | null;
  /** The invited e-mail address. */
  email: string;
  /** The role that the invited person gets. */
  role: 'owner' | 'admin' | 'agent' | 'viewer';
  /** The invitation can be accepted until this time. */
  expires_at: string;
}

export interface Erasure {
  /** The id of an erasure. */
  id: string;
  /** The id of a contact. */
  contact_id: string;
  /** The time of the request. */
  begun_at: string;
  /** The time when the erasure was complete. */
  erased_at: string;
  /** The caller who requested the erasure. */
  erased_by: {
    /** The kind of the caller. */
    kind: 'person' | 'api_key';
    /** The id of the person or the API key. */
    id: string;
    /** The current name of the caller. */
    name: string | null;
  };
  /** Number of removed items of each kind. */
  counts: {
    /** The contact, and earlier deleted contacts with the same addresses. */
    contacts: number;
    /** Phone numbers and other addresses. */
    addresses: number;
    /** Conversations, one for each account. */
    conversations: number;
    /** Messages in both directions. */
    messages: number;
    /** Attempts of these messages. */
    attempts: number;
    /** Events of these messages. */
    events: number;
    /** Receipts whose message was not known yet. */
    receipts: number;
    /** Read marks that WhatsApp had not received yet. */
    read_marks: number;
    /** Files that came with the messages. Uploaded files stay. */
    files: number;
    /** Answers stored under an Idempotency-Key. */
    answers: number;
    /** Raw webhooks whose content was emptied. */
    payloads: number;
    /** Webhook items that Recado could not process. */
    dead_letters: number;
    /** Notices of WhatsApp about the person. */
    notices: number;
  };
}

export interface ContactExport {
  /** The time of the export. */
  exported_at: string;
  /** The id of a contact. */
  contact_id: string;
  /** The contact, and earlier deleted contacts with the same addresses. */
  contacts: Array<Record<string, unknown>>;
  /** The conversations of the contact. */
  conversations: Array<Record<string, unknown>>;
  /** The messages in both directions, oldest first, each with its events and attempts. */
  messages: Array<Record<string, unknown>>;
  /** The notes of your people about the contact. */
  notes: Array<Record<string, unknown>>;
  /** Webhook items about the contact that Recado could not process. */
  dead_letters: Array<Record<string, unknown>>;
  /** Notices of WhatsApp about the contact, like a stop of marketing messages. */
  notices: Array<Record<string, unknown>>;
  /** The opt-outs of the contact. */
  opt_outs: Array<Record<string, unknown>>;
  /** The ledger of the person: opt-outs, their ends and consents. */
  opt_out_ledger: Array<Record<string, unknown>>;
  /**
   * The campaigns that had the contact on their list: the name, when its message was accepted or was to be sent, its
   * state, and the reason of a failure or of being left out.
   */
  campaigns: Array<Record<string, unknown>>;
  /** The values that imports keep for campaigns, and those on the lists of campaigns until their turn. */
  campaign_values: Array<Record<string, unknown>>;
  /** The reasons that somebody gave for an action, from the audit log. */
  audit_reasons: Array<Record<string, unknown>>;
}

export interface Queue {
  /** Messages that are scheduled or queued. */
  waiting: number;
  /** Messages with an attempt in flight. */
  active: number;
  /** Messages with an unknown outcome. */
  unknown: number;
  /** Outbound messages of the last 24 hours that the channel accepted, to a quarter of an hour. */
  completed: number;
  /** Outbound messages of the last 24 hours that failed, to a quarter of an hour. */
  failed: number;
  /** Calls to the channel per minute, over the last five minutes. */
  calls_per_minute: number;
  /** Time from acceptance, or from `send_at`, to the first call. It uses the newest calls of the last hour. */
  wait_seconds: {
    /** The median. Null if there was no call. */
    p50: number | null;
    /** The 95th percentile. Null if there was no call. */
    p95: number | null;
  };
  /** Workers with a heartbeat in the last ten seconds. */
  workers: number;
  /** The lanes by kind. */
  lanes: Array<{
    /** Send messages, apply what the channel reports, tell it what was read, fetch files. */
    kind: 'send' | 'receive' | 'read' | 'fetch';
    /** Lanes of the workspace with due work. */
    due: number;
    /** Workers that serve this kind of lane. */
    workers: number;
    /** Human-readable: what is wrong. Null if nothing is. */
    problem: string | null;
  }>;
}

export interface QueueReasons {
  /** Messages that wait for an attempt. */
  queued: number;
  /** Messages whose `send_at` is in the future. */
  scheduled: number;
  /** Messages with an attempt in flight. */
  sending: number;
  /** Messages with an unknown outcome. */
  unknown: number;
  /** The age of the oldest due message, in seconds. Null if none is due. */
  oldest_seconds: number | null;
  /**
   * The reasons of queued and scheduled messages by account, the most frequent first. Reasons of single messages are
   * counted up to 10,000 an account; the others are `next`.
   */
  reasons: Array<{
    /** The id of an account. */
    account_id: string;
    /** The first reason why the messages wait. */
    reason:
      | 'next'
      | 'storage_full'
      | 'no_worker'
      | 'reconnecting'
      | 'not_linked'
      | 'conversation_order'
      | 'scheduled'
      | 'rate_limit'
      | 'daily_limit'
      | 'new_conversation_limit'
      | 'window_closed'
      | 'recipient_limit'
      | 'quiet_hours'
      | 'paused'
      | 'flagged'
      | 'retry'
      | 'recipient_throttled'
      | 'deferred'
      | 'restricted'
      | 'throttled'
      | 'account_error'
      | 'file_pending'
      | 'template_paused'
      | 'campaign_paused'
      | 'unknown_outcome';
    /** Number of messages. */
    messages: number;
    /** The time when the first of them ends its wait. Null if it does not depend on time. */
    until: string | null;
  }>;
}

export interface MessageReasons {
  /** Those of the messages that wait. */
  data: Array<{
    /** The id of a message. */
    id: string;
    /** The first reason why the message waits. */
    reason:
      | 'next'
      | 'storage_full'
      | 'no_worker'
      | 'reconnecting'
      | 'not_linked'
      | 'conversation_order'
      | 'scheduled'
      | 'rate_limit'
      | 'daily_limit'
      | 'new_conversation_limit'
      | 'window_closed'
      | 'recipient_limit'
      | 'quiet_hours'
      | 'paused'
      | 'flagged'
      | 'retry'
      | 'recipient_throttled'
      | 'deferred'
      | 'restricted'
      | 'throttled'
      | 'account_error'
      | 'file_pending'
      | 'template_paused'
      | 'campaign_paused'
      | 'unknown_outcome';
    /**
     * The time when this reason ends; of a rate limit, when the next message leaves. Null if it does not depend on
     * time.
     */
    until: string | null;
    /**
     * Number of messages of the account that leave first. 10,000 means 10,000 or more. Null if the message is not in
     * line.
     */
    ahead: number | null;
    /**
     * The time when this message leaves, by its place and all limits, if no message comes in before it. Null if that
     * cannot be known.
     */
    expected_at: string | null;
  }>;
}

export interface QueueErrors {
  /** The errors of the newest 100,000 failed messages, the most frequent first, at most 100. */
  data: Array<{
    /** The error code of the channel or of Recado. */
    code: string;
    /** The error as text. */
    title: string;
    /** Number of messages. */
    messages: number;
  }>;
}

export interface ApiRequest {
  /** The id of a request. */
  id: string;
  /** The time of the answer. */
  at: string;
  /** The HTTP method. */
  method: string;
  /** The path without its query: at most 300 characters of it. */
  path: string;
  /** The HTTP status of the answer. */
  status: number;
  /** The code of the error. Null if there was none. */
  code: string | null;
  /** How long the answer took, in milliseconds. */
  duration_ms: number;
  /** Who asked. */
  caller: {
    /** Whether a person asked, or a program with an API key. */
    kind: 'person' | 'api_key';
    id: string;
    /** The current name. Null if there is none any more. */
    name: string | null;
  };
  /** The IP address of the caller. */
  address: string | null;
  /** The `X-Request-Id` of the request and of its answer. */
  request_id: string;
}

export interface PhoneMessage {
  /** The `channel_message_id` of a message. */
  id: string;
  /** Who wrote it. */
  from: 'person' | 'account';
  /** The type of the message at WhatsApp, such as text or template. */
  type: string;
  /** The time of the message. */
  at: string;
  /** Of a message of the account: whether the person has read it. Of the person: ours. */
  status: 'sent' | 'delivered' | 'read';
  /** The message in one line. */
  preview: string;
  /** A heading. Null if there is none. */
  header: string | null;
  /** The text, or the caption of a file. Null if there is none. */
  text: string | null;
  /** The small print. Null if there is none. */
  footer: string | null;
  /** The file that the message shows. Null if it has none. */
  file: {
    /** The type of the file. */
    mime_type: string;
    /** Size in bytes. */
    size: number;
    /** The name of the file. Null if there is none. */
    filename: string | null;
    /** Whether it is a voice note. */
    voice: boolean;
  } | null;
  /** What the person can choose from. Null if nothing. */
  choices: {
    /** How they are shown. */
    kind: 'buttons' | 'list';
    /** What opens a list. Null if there is none. */
    title: string | null;
    /** The buttons or rows. */
    options: Array<{
      /** What to choose it by. */
      id: string;
      /** The text of the button or row. */
      title: string;
      /** The second line of a row. Null if there is none. */
      description: string | null;
    }>;
    /** The title of the one that the person chose. Null if there is none. */
    chosen: string | null;
  } | null;
  /** A button that opens a page. Null if there is none. */
  link: {
    /** The text of the button. */
    title: string;
    /** The address. */
    url: string;
  } | null;
  /** A place. Null if the message has none. */
  location: {
    /** Degrees north. */
    latitude: number;
    /** Degrees east. */
    longitude: number;
    /** The name of the place. Null if there is none. */
    name: string | null;
    /** The address of the place. Null if there is none. */
    address: string | null;
  } | null;
  /** Shared contacts. Empty if there are none. */
  people: Array<{
    /** The name. */
    name: string;
    /** The first number. Null if there is none. */
    phone: string | null;
  }>;
  /** The message that it answers. Null if it answers none. */
  quotes: string | null;
  /** The emoji of each side. */
  reactions: {
    /** Of the person. Null if there is none. */
    person: string | null;
    /** Of the account. Null if there is none. */
    account: string | null;
  };
  /** Whether its text was changed. */
  edited: boolean;
  /** Whether it was deleted for everyone. */
  deleted: boolean;
}

export interface PhoneScreen {
  /** E.164 number of the person. */
  number: string;
  /** Whether messages of the account are read without a request. */
  auto_read: boolean;
  /** The text that answers each message of the account. Null if there is none. */
  auto_reply: string | null;
  /** Whether the account shows that it is typing. */
  typing: boolean;
  /** Messages of the account that the person has not read. */
  unread_count: number;
  /** The last 500 messages that arrived, oldest first. */
  messages: PhoneMessage[];
}

/** Recado receives the message as a webhook. */
export interface WrittenOnPhone {
  /** The `channel_message_id` of a message. */
  id: string;
}

export interface ReadOnPhone {
  /** How many messages were unread. */
  read: number;
}

export interface SandboxRecipients {
  /** The reserved numbers. */
  data: Array<{
    /** E.164 number. Any other area code works as well. */
    number: string;
    /** The name of what happens, such as window-closed. */
    outcome: string;
    /** What happens to each message to this number. */
    description: string;
  }>;
}

export interface FoundMessage {
  /** Null for a note. */
  message_id: string | null;
  /** Null for a message. */
  note_id: string | null;
  /** The id of a conversation. */
  conversation_id: string;
  /** The id of an account. */
  account_id: string;
  /** The contact of the conversation. */
  contact: {
    /** The id of a contact. */
    id: string;
    /** The name of the contact. */
    name: string | null;
    /** E.164 number. Null where the channel hides it. */
    phone: string | null;
  };
  /** outbound: to the contact. */
  direction: 'outbound' | 'inbound';
  /** The type of the message. Null for a note. */
  type:
    | 'text'
    | 'image'
    | 'video'
    | 'audio'
    | 'document'
    | 'sticker'
    | 'location'
    | 'contacts'
    | 'reaction'
    | 'interactive'
    | 'template'
    | 'button'
    | 'order'
    | 'call'
    | 'system'
    | 'unsupported' | null;
  /** The name of the person or the API key that wrote it. Null for the contact, a campaign and the phone. */
  author: string | null;
  /** Its text around the first word that was found, up to 200 characters. */
  text: string | null;
  /** The time when Recado accepted or received it. */
  created_at: string;
}

export interface SearchSetting {
  /** Whether the texts of messages and notes are indexed and can be searched. */
  enabled: boolean;
  /** Since when. Null while it is off. */
  enabled_at: string | null;
  /** Whether all texts of before are indexed too. */
  ready: boolean;
}

export interface Check {
  /** What was checked. */
  name:
    | 'database'
    | 'wakeups'
    | 'redis'
    | 'workers'
    | 'gateways'
    | 'storage'
    | 'disk'
    | 'clock'
    | 'public_address'
    | 'mail'
    | 'backup'
    | 'versions'
    | 'accounts';
  /** How it is. `skipped`: there is nothing to check. */
  state: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, for programs. */
  code: string;
  /** Human-readable: what was found. */
  message: string;
  /** Human-readable: the first step. Null where nothing is to do. */
  remedy: string | null;
  /** The figures and names of the message, depending on the code. */
  detail: Record<string, string | number>;
  /** How long the check took, in milliseconds. */
  ms: number;
}

export interface SelfCheck {
  /** The worst state of the checks. `never`: nobody has run it yet. */
  state: 'never' | 'running' | 'ok' | 'warning' | 'failed';
  /** When the run began. */
  began_at: string | null;
  /** When the last check ended. Null until then. */
  ended_at: string | null;
  /** Who ran it. */
  by: {
    /** The id of the person or the API key. */
    id: string;
    /** The current name. */
    name: string | null;
  } | null;
  /**
   * The checks of a run, in a fixed order. The first workspace of the installation has all. Others check only their
   * accounts.
   */
  of: Array<
    | 'database'
    | 'wakeups'
    | 'redis'
    | 'workers'
    | 'gateways'
    | 'storage'
    | 'disk'
    | 'clock'
    | 'public_address'
    | 'mail'
    | 'backup'
    | 'versions'
    | 'accounts'>;
  /** The checks that have ended, in a fixed order. */
  checks: Check[];
}

export interface Rate {
  /** The share, 0 to 1. Null of nothing. */
  rate: number | null;
  /** Of how many messages it is the share. */
  of: number;
  /** How many of them may still change it. */
  open: number;
}

export interface Figures {
  /** Outbound messages, each once, in its present state. */
  outbound: number;
  /** Inbound messages that people wrote. Null where the grouping is of outbound ones. */
  inbound: number | null;
  /** Outbound messages that are scheduled or queued. */
  waiting: number;
  /** Outbound messages with an attempt in flight. */
  sending: number;
  /** Outbound messages with an unknown outcome. */
  unknown: number;
  /** Outbound messages that the channel took, also if they failed later. */
  sent: number;
  /** Outbound messages that were delivered, read or not. */
  delivered: number;
  /** Outbound messages that were read. People can hide it, so there may be more. */
  read: number;
  /** Outbound messages that failed. */
  failed: number;
  /** Outbound messages that were cancelled. */
  cancelled: number;
  /** Outbound messages that expired. */
  expired: number;
  /** Delivered of sent. */
  delivery: Rate;
  /** Read of delivered. */
  reading: Rate;
  /** Failed messages of all sent and failed ones. */
  failure: Rate;
}

export interface FigureGroup {
  /**
   * What the group is of: the start of the hour or day, the id of the account, campaign or sender, the name of the
   * template, the code of the error, or the calling code of the country. Null for messages without one.
   */
  key: string | null;
  /** Its name, or the title of the error. Null where there is none. */
  name: string | null;
  /** Outbound messages, each once, in its present state. */
  outbound: number;
  /** Inbound messages that people wrote. Null where the grouping is of outbound ones. */
  inbound: number | null;
  /** Outbound messages that are scheduled or queued. */
  waiting: number;
  /** Outbound messages with an attempt in flight. */
  sending: number;
  /** Outbound messages with an unknown outcome. */
  unknown: number;
  /** Outbound messages that the channel took, also if they failed later. */
  sent: number;
  /** Outbound messages that were delivered, read or not. */
  delivered: number;
  /** Outbound messages that were read. People can hide it, so there may be more. */
  read: number;
  /** Outbound messages that failed. */
  failed: number;
  /** Outbound messages that were cancelled. */
  cancelled: number;
  /** Outbound messages that expired. */
  expired: number;
  /** Delivered of sent. */
  delivery: Rate;
  /** Read of delivered. */
  reading: Rate;
  /** Failed messages of all sent and failed ones. */
  failure: Rate;
  /** The same of the period before, of an hour or day at the same local time. */
  previous: Figures | null;
  /** Of a grouping by error. Null otherwise. */
  error: {
    /** Who has to act. Null for an unknown code. */
    who: 'sender' | 'operator' | 'recipient' | 'meta' | 'nobody' | null;
    /** What to do. Null for an unknown code. */
    advice: string | null;
    /** The quarter of an hour of the first one in the range. */
    first_at: string;
    /** The quarter of an hour of the last one in the range. */
    last_at: string;
  } | null;
  /** Of a grouping by country: those with the calling code, as two letters. Null otherwise. */
  countries: string[] | null;
}

export interface StatisticsReport {
  /** The start of the range, inclusive. */
  from: string;
  /** The end of the range, exclusive. */
  until: string;
  /** The time zone of days and hours. */
  time_zone: string;
  /** The start of the period before. Null without `compare`. */
  previous_from: string | null;
  /** The end of the period before. Null without `compare`. */
  previous_until: string | null;
  /** How the figures are grouped. */
  group_by: 'hour' | 'day' | 'account' | 'template' | 'campaign' | 'sender' | 'error' | 'country' | null;
  /** The figures of the range. */
  total: Figures;
  /** The figures of the period before. */
  previous: Figures | null;
  /**
   * Every hour or day of the range, oldest first; it lasts until the next one. Other groups: the largest first, at most
   * 500.
   */
  groups: FigureGroup[];
}

export interface LatencyStage {
  /**
   * queue: from when a message may leave until its call. call: until the channel answers. network: from there until it
   * is delivered.
   */
  stage: 'queue' | 'call' | 'network';
  /** Of how many messages. */
  n: number;
  /** The median, to 7 %, then rounded to whole milliseconds. Null of none. */
  p50_ms: number | null;
  /** The 90th percentile, to 7 %, then rounded to whole milliseconds. Null of none. */
  p90_ms: number | null;
  /** The 95th percentile, to 7 %, then rounded to whole milliseconds. Null of none. */
  p95_ms: number | null;
  /** The 99th percentile, to 7 %, then rounded to whole milliseconds. Null of none. */
  p99_ms: number | null;
}

export interface Latency {
  /** The start of the range, inclusive. */
  from: string;
  /** The end of the range, exclusive. */
  until: string;
  /** The time zone of days and hours. */
  time_zone: string;
  /** The start of the period before. Null without `compare`. */
  previous_from: string | null;
  /** The end of the period before. Null without `compare`. */
  previous_until: string | null;
  /** The stages of a message on its way. */
  stages: LatencyStage[];
  /** The same of the period before. */
  previous: LatencyStage[] | null;
}

export interface TimeSpan {
  /** The end of the span. Null of the last one. */
  below_seconds: number | null;
  /** How many conversations. */
  n: number;
}

export interface ResponseTimes {
  /** How many conversations got an answer. */
  n: number;
  /** The median, in seconds, to 7 %. Null of none. */
  p50_seconds: number | null;
  /** The 90th percentile, in seconds, to 7 %. Null of none. */
  p90_seconds: number | null;
  /** By how long the person waited, each after the one before. */
  spans: TimeSpan[];
}

export interface Responses {
  /** The start of the range, inclusive. */
  from: string;
  /** The end of the range, exclusive. */
  until: string;
  /** The time zone of days and hours. */
  time_zone: string;
  /** The start of the period before. Null without `compare`. */
  previous_from: string | null;
  /** The end of the period before. Null without `compare`. */
  previous_until: string | null;
  /**
   * From the first message of a person until a person of yours, or the phone, answers; by when it began. Campaigns and
   * programs do not answer.
   */
  answered: ResponseTimes;
  /** The same of the period before. */
  previous: ResponseTimes | null;
  /** Those of them in conversations of teams with hours; of each wait, only what was in these hours counts. */
  answered_in_hours: ResponseTimes;
  /** The same of the period before. */
  previous_in_hours: ResponseTimes | null;
  /** Conversations without an answer. They are not in `answered`. */
  waiting: {
    /** How many conversations wait for an answer now, whatever the range. */
    n: number;
    /** Since when the first of them waits. Null of none. */
    oldest_at: string | null;
    /** The account of that conversation. Null of none. */
    oldest_account_id: string | null;
    /** By how long they have waited. */
    spans: TimeSpan[];
  };
}

export interface Template {
  /** The id of a template. */
  id: string;
  /** The id of the WhatsApp business account that has it. */
  business_account_id: string;
  /** The id of the template at the channel. Null until Recado has read it there. */
  channel_template_id: string | null;
  /** The name. */
  name: string;
  /** The language. */
  language: string;
  /** The category: AUTHENTICATION, MARKETING or UTILITY. */
  category: string;
  /**
   * The state at WhatsApp. APPROVED: it can be sent. PAUSED: not for some hours, because people reported it. DISABLED:
   * never again.
   */
  status: string;
  /** Why WhatsApp rejected, paused or disabled it. Null if it did not say. */
  reason: string | null;
  /** How people react to it: GREEN, YELLOW, RED or UNKNOWN. Null if WhatsApp does not say. */
  quality: string | null;
  /** How its variables are named. */
  parameter_format: 'named' | 'positional';
  /** The parts of the template, as WhatsApp has them. */
  components: Array<Record<string, unknown>>;
  /** The time when Recado first knew it. */
  created_at: string;
  /** The time of its last change. */
  updated_at: string;
  /** The time of its deletion. Null if it was not deleted. */
  deleted_at: string | null;
}

export interface TemplateDetails extends Template {
  /** The last 100 changes, newest first. */
  history: Array<{
    /** The time when Recado learned of the change. */
    at: string;
    /** What changed. */
    change: 'created' | 'status' | 'category' | 'quality' | 'components' | 'deleted';
    /** The value before. Null if there was none. */
    from: string | null;
    /** The value after. Null if there is none. */
    to: string | null;
    /** The reason that WhatsApp gave. Null if none. */
    reason: string | null;
  }>;
}

export interface TemplateSync {
  /** The result for each WhatsApp business account. */
  business_accounts: Array<{
    /** The id of the WhatsApp business account. */
    business_account_id: string;
    /** Templates at WhatsApp. Null if reading failed. */
    templates: number | null;
    /** Templates that were new, changed or gone. */
    changed: number;
    /** Why reading failed. Null if it did not. */
    error: {
      /** The error code of the channel. */
      code: string;
      /** The error as text. */
      title: string;
    } | null;
  }>;
}

export interface WallView {
  /** The id of a wall view. */
  id: string;
  /** Where the screen hangs. */
  name: string;
  /** The accounts that it shows. Null for all. */
  account_ids: string[] | null;
  /** The time zone in which its day begins. */
  time_zone: string;
  /** Who created it. */
  created_by: string;
  /** The time of creation. */
  created_at: string;
  /** When a screen showed it last, to the minute. Null if none did. */
  last_shown_at: string | null;
}

export interface NewWallView extends WallView {
  /** The secret of the link. Recado shows it only in this answer. */
  token: string;
  /** The link of the page. Everybody who has it sees the figures. */
  url: string;
}

export interface WallFigures {
  /** The name of the workspace. */
  workspace_name: string;
  /** The time of the figures. */
  at: string;
  /** The time zone of the day. */
  time_zone: string;
  /** Outbound messages that were accepted today, by status. */
  by_status: Record<string, number>;
  /** Messages that wait for an attempt, however old. */
  queued: number;
  /** Messages with an attempt in flight. */
  sending: number;
  /** Messages with an unknown outcome. */
  unknown: number;
  /** Who waits now. */
  unanswered: {
    /** Conversations that wait for an answer of a person or the phone. */
    conversations: number;
    /** Since when the first of them waits. Null of none. */
    oldest_at: string | null;
  };
  /** From the first message of a person until the first answer. */
  first_response: {
    /** Conversations of today that got an answer of a person or the phone. */
    conversations: number;
    /** How long half of them waited at most, in seconds. */
    median_seconds: number | null;
  };
  /** Share of messages of today with an outcome that failed, 0 to 1. */
  failure_rate: number | null;
  /** The same of the 28 days before. Null if no message had an outcome. */
  usual_failure_rate: number | null;
  /** The message that is due for longest. Null if none is due. */
  oldest_due: {
    /** For how long it is due. */
    seconds: number;
    /** The account that is to send it. */
    account_name: string;
    /** Why most messages of the account wait. Null if they left meanwhile. */
    reason:
      | 'next'
      | 'storage_full'
      | 'no_worker'
      | 'reconnecting'
      | 'not_linked'
      | 'conversation_order'
      | 'scheduled'
      | 'rate_limit'
      | 'daily_limit'
      | 'new_conversation_limit'
      | 'window_closed'
      | 'recipient_limit'
      | 'quiet_hours'
      | 'paused'
      | 'flagged'
      | 'retry'
      | 'recipient_throttled'
      | 'deferred'
      | 'restricted'
      | 'throttled'
      | 'account_error'
      | 'file_pending'
      | 'template_paused'
      | 'campaign_paused'
      | 'unknown_outcome' | null;
  } | null;
  /** Accounts that need attention or are disconnected, the worst first, at most 20. */
  troubled_accounts: Array<{
    /** The name of the account. */
    name: string;
    /** The status of the account. */
    status: 'needs_attention' | 'disconnected';
    /** Why it has this status. */
    status_reason: string | null;
  }>;
}

export interface Workspace {
  /** The id of a workspace. */
  id: string;
  /** The name of the workspace. */
  name: string;
  /** How long Recado keeps messages and files. */
  retention: {
    /** Recado deletes finished messages, and the files that came with them, after this many days. Null keeps all. */
    messages_days: number | null;
    /** Recado deletes unused uploaded files after this many days. Null keeps all. */
    media_days: number | null;
  };
  /**
   * Recado closes an open conversation after this many days without a message, unless somebody waits in it. Null closes
   * none.
   */
  auto_close_days: number | null;
  /** The reasons that the web app offers when somebody closes a conversation, in order. */
  close_reasons: string[];
  /** The time of creation. */
  created_at: string;
}

export interface RetentionPreview {
  /** Messages that have ended. */
  messages: {
    /** How many. Null if they are more than 10,000. */
    count: number | null;
    /** The time of the oldest. Null if there is none. */
    oldest: string | null;
  };
  /** Uploaded files that no waiting message carries. */
  media: {
    /** How many. Null if they are more than 10,000. */
    count: number | null;
    /** The time of the oldest. Null if there is none. */
    oldest: string | null;
    /** Their size. Null if they are more than 10,000. */
    bytes: number | null;
  };
}

export interface MyWorkspace {
  /** The id of a workspace. */
  id: string;
  /** The name of the workspace. */
  name: string;
  /** The time of creation. */
  created_at: string;
  /** The role of the person in this workspace. */
  role: 'owner' | 'admin' | 'agent' | 'viewer';
  /** True if this request belongs to this workspace. */
  current: boolean;
}

export interface CreateFirstOwnerBody {
  /** The one-time token of the setup link. The first start prints the link. */
  token: string;
  /** An e-mail address. Recado stores it in lower case. */
  email: string;
  /** 12 to 200 characters. */
  password: string;
  /** The name of the owner. */
  name: string;
}

export interface LogInBody {
  /** An e-mail address. Recado stores it in lower case. */
  email: string;
  /** The current password. */
  password: string;
  /** Required if the person has a second factor. */
  code?: string | null | undefined;
  /** The workspace to enter. Default: the workspace that the person used last. */
  workspace_id?: string | null | undefined;
  /** For browsers: sets the tokens as HttpOnly cookies and answers a CSRF token. */
  cookies?: boolean | null | undefined;
}

export type LogInAnswer = Tokens | CookieSession;

export interface RefreshSessionBody {
  /** The refresh token, unless it is in a cookie. */
  refresh_token?: string | null | undefined;
}

export type RefreshSessionAnswer = Tokens | CookieSession;

export interface LogOutBody {
  /** The refresh token, unless it is in a cookie. */
  refresh_token?: string | null | undefined;
}

export interface RequestPasswordResetBody {
  /** An e-mail address. Recado stores it in lower case. */
  email: string;
}

export interface ResetPasswordBody {
  /** The one-time token of the link. */
  token: string;
  /** 12 to 200 characters. */
  password: string;
}

export interface ListMySessionsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface ChangeMyPasswordBody {
  /** The current password. */
  current_password: string;
  /** 12 to 200 characters. */
  new_password: string;
}

export interface BeginMySecondFactorBody {
  /** The current password. */
  password: string;
}

export interface RemoveMySecondFactorBody {
  /** The current password. */
  password: string;
  /** The six digits of the authenticator app, or a recovery code. */
  code: string;
}

export interface ConfirmMySecondFactorBody {
  /** The six digits that the app shows now. */
  code: string;
}

export interface RenewMyRecoveryCodesBody {
  /** The current password. */
  password: string;
  /** The six digits of the authenticator app, or a recovery code. */
  code: string;
}

export interface ListPeopleQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface UpdatePersonBody {
  /** The role of the person in this workspace. */
  role?: 'owner' | 'admin' | 'agent' | 'viewer' | null | undefined;
  /** The accounts that an agent or a viewer can access. Null for all. */
  account_ids?: string[] | null | undefined;
  /**
   * The conversations that an agent or a viewer reads. all; team: of their teams, of no team, and their own; own:
   * assigned to them, with a note that mentions them, and unassigned ones of their teams.
   */
  conversations?: 'all' | 'team' | 'own' | null | undefined;
  /**
   * Whether an agent or a viewer sees the phone numbers of contacts. If not, all but the last four digits are masked.
   */
  sees_numbers?: boolean | null | undefined;
  /** A disabled person cannot log in to this workspace. */
  disabled?: boolean | null | undefined;
}

export interface ListInvitationsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface CreateInvitationBody {
  /** An e-mail address. Recado stores it in lower case. */
  email: string;
  /** The role of the person in this workspace. */
  role: 'owner' | 'admin' | 'agent' | 'viewer';
  /** The accounts that an agent or a viewer can access. Default: all. */
  account_ids?: string[] | null | undefined;
  /**
   * The conversations that an agent or a viewer reads. Default: all. all; team: of their teams, of no team, and their
   * own; own: assigned to them, with a note that mentions them, and unassigned ones of their teams.
   */
  conversations?: 'all' | 'team' | 'own' | null | undefined;
  /**
   * Whether the invited agent or viewer sees the phone numbers of contacts. If not, all but the last four digits are
   * masked.
   */
  sees_numbers?: boolean | null | undefined;
}

export interface PreviewInvitationBody {
  /** The one-time token of the link. */
  token: string;
}

export interface AcceptInvitationBody {
  /** The one-time token of the link. */
  token: string;
  /** The name of a new person. A known person keeps their name. */
  name: string;
  /** A new password. A known person gives their own password. */
  password: string;
  /** Required if the person has a second factor. */
  code?: string | null | undefined;
  /** For browsers: sets the tokens as HttpOnly cookies and answers a CSRF token. */
  cookies?: boolean | null | undefined;
}

export type AcceptInvitationAnswer = Tokens | CookieSession;

export interface ListSessionsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only sessions of this person. */
  person_id?: string | undefined;
}

export interface CreateWorkspaceBody {
  /** The name of the workspace. */
  name: string;
}

export interface ListMyWorkspacesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface SwitchWorkspaceBody {
  /** The id of a workspace. */
  workspace_id: string;
  /** For browsers: sets the tokens as HttpOnly cookies and answers a CSRF token. */
  cookies?: boolean | null | undefined;
}

export type SwitchWorkspaceAnswer = Tokens | CookieSession;

export interface ListKeysQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface CreateKeyBody {
  /** The purpose of the key. */
  name: string;
  /** A test key can access Sandbox accounts only. */
  test?: boolean | null | undefined;
  /** The permissions of the key. The person who creates it must have them too. */
  scopes: Array<
    | 'messages.create'
    | 'messages.read'
    | 'messages.update'
    | 'notes.write'
    | 'accounts.read'
    | 'accounts.manage'
    | 'contacts.read'
    | 'contacts.manage'
    | 'contacts.configure'
    | 'contacts.import'
    | 'contacts.export'
    | 'contacts.erase'
    | 'opt_outs.read'
    | 'opt_outs.manage'
    | 'media.create'
    | 'media.read'
    | 'media.delete'
    | 'replies.manage'
    | 'templates.read'
    | 'templates.manage'
    | 'campaigns.read'
    | 'campaigns.manage'
    | 'campaigns.start'
    | 'cost.read'
    | 'cost.manage'
    | 'alerts.read'
    | 'alerts.update'
    | 'alerts.manage'
    | 'installation.check'
    | 'teams.manage'
    | 'audit.read'
    | 'requests.read'
    | 'inbound.manage'
    | 'endpoints.read'
    | 'endpoints.manage'
    | 'wall_views.manage'
    | 'hooks.manage'>;
  /**
   * False: the key gets only the last four digits of the numbers of contacts, and can have only these scopes:
   * messages.create, messages.read, messages.update, notes.write, accounts.read, contacts.read, contacts.manage,
   * opt_outs.read, opt_outs.manage, media.create, media.read, templates.read, campaigns.read, cost.read, alerts.read,
   * alerts.update. Default: true.
   */
  sees_numbers?: boolean | null | undefined;
  /** The accounts that the key can access. Default: all. */
  account_ids?: string[] | null | undefined;
  /** The IP addresses or ranges that may use the key. Default: all. */
  addresses?: string[] | null | undefined;
  /** The key stops working at this time. Default: never. */
  expires_at?: string | Date | null | undefined;
}

export interface UpdateKeyBody {
  /** The purpose of the key. */
  name: string;
}

export interface ListAuditEntriesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only the actions of this person or API key. */
  actor_id?: string | undefined;
  /** Only this action. With a dot at the end, all actions of the group: `api_key.` */
  action?: string | undefined;
  /** Only actions on the object with this id. */
  target_id?: string | undefined;
  /** Only actions at or after this time. */
  from?: string | Date | undefined;
  /** Only actions before this time. */
  until?: string | Date | undefined;
}

export interface ExportAuditEntriesQuery {
  /** `csv` for a spreadsheet, `ndjson` for a program. */
  format: 'csv' | 'ndjson';
  /** Only the actions of this person or API key. */
  actor_id?: string | undefined;
  /** Only this action. With a dot at the end, all actions of the group: `api_key.` */
  action?: string | undefined;
  /** Only actions on the object with this id. */
  target_id?: string | undefined;
  /** Only actions at or after this time. */
  from?: string | Date | undefined;
  /** Only actions before this time. */
  until?: string | Date | undefined;
}

export interface ListRequestsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** refused: only answers with 4xx. failed: only answers with 5xx. */
  outcome?: 'refused' | 'failed' | undefined;
  /** Only requests that took at least this many milliseconds. */
  slower_than_ms?: number | undefined;
  /** Only requests with this method. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | undefined;
  /** Only requests whose path contains this. */
  path?: string | undefined;
  /** Only requests of people, or of programs with API keys. */
  caller_kind?: 'person' | 'api_key' | undefined;
  /** Only requests of this person or API key. */
  caller_id?: string | undefined;
  /** Only requests with this `X-Request-Id`. */
  request_id?: string | undefined;
  /** Only requests at or after this time. */
  from?: string | Date | undefined;
  /** Only requests before this time. */
  until?: string | Date | undefined;
}

export interface UpdateWorkspaceBody {
  /** The name of the workspace. */
  name?: string | null | undefined;
  /** How long Recado keeps messages and files. Absent fields stay as they are. */
  retention?: {
    /** Recado deletes finished messages, and the files that came with them, after this many days. Null keeps all. */
    messages_days?: number | null | undefined;
    /** Recado deletes unused uploaded files after this many days. Null keeps all. */
    media_days?: number | null | undefined;
  } | null | undefined;
  /**
   * Recado closes an open conversation after this many days without a message, unless somebody waits in it. Null closes
   * none.
   */
  auto_close_days?: number | null | undefined;
  /** The reasons that the web app offers when somebody closes a conversation, in order. */
  close_reasons?: string[] | null | undefined;
}

export interface ListAccountsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** true: only deleted accounts. false: only the others, as by default. */
  deleted?: boolean | undefined;
}

export type CreateAccountBody = {
  /** The connection to WhatsApp: sandbox is simulated, cloud is the Cloud API, web is a linked phone. */
  channel: 'sandbox';
  /** The name that you give to the account. */
  name: string;
  /** An IANA time zone. Daily limits and quiet hours use it. */
  time_zone?: string | null | undefined;
  /** The sending limits. Absent fields keep their value, or get the default. */
  limits?: {
    /** The rate limit: at most this many messages in any interval of this length. */
    rate?: {
      /** Number of messages. */
      messages: number;
      /** Length of the interval in seconds. */
      seconds: number;
    } | null | undefined;
    /** Messages per calendar day in the account’s time zone. Null for no limit. */
    per_day?: number | null | undefined;
    /** At the daily limit, reject: accept no new messages. hold: keep them until midnight. */
    on_limit?: 'reject' | 'hold' | null | undefined;
    /** Conversations opened per day with people who wrote nothing for 24 hours. Null for no limit. */
    new_conversations_per_day?: number | null | undefined;
    /** A token bucket for each recipient. Null for no limit. */
    recipient?: {
      /** Messages that may leave at once. */
      burst: number;
      /** Seconds until the recipient may get one more message. */
      seconds: number;
    } | null | undefined;
    /** The longest random gap between two messages, in milliseconds. */
    jitter_ms?: number | null | undefined;
    /** In these hours of the account’s time zone, only messages of high priority leave. Null for none. */
    quiet_hours?: {
      /** The start. */
      from: string;
      /** The end. It is on the next day if it is earlier than `from`. */
      until: string;
    } | null | undefined;
    /** The daily limit grows from `first_day` to `per_day`. Null for no warm-up. */
    warm_up?: {
      /** The first day of the warm-up. */
      start: string;
      /** The daily limit on the first day. */
      first_day: number;
      /** Length of the warm-up in days. */
      days: number;
    } | null | undefined;
    /** The largest queue. Above it, Recado rejects messages with `queue_full`. */
    max_queued?: number | null | undefined;
    /** Number of conversations that Recado sends to in parallel. */
    concurrency?: number | null | undefined;
  } | null | undefined;
  /** Retries and unknown outcomes. Absent fields keep their value, or get the default. */
  delivery?: {
    /** Retries of calls that certainly did not reach the channel. */
    retry?: {
      /** Total number of attempts. */
      attempts: number;
      /** The first delay in milliseconds. Each further delay is twice as long. */
      delay_ms: number;
    } | null | undefined;
    /** What Recado does with an unknown outcome when no receipt comes within `unknown_window_seconds`. */
    on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
    /** How long Recado waits for a receipt when the outcome is unknown, in seconds. */
    unknown_window_seconds?: number | null | undefined;
    /** Recado reports a message once if it is not delivered this many seconds after sending. */
    undelivered_after_seconds?: number | null | undefined;
    /**
     * What happens to queued messages whose template WhatsApp pauses or rejects. hold: they wait until it is approved
     * again. fail: they are sent, and fail.
     */
    on_template_paused?: 'hold' | 'fail' | null | undefined;
    /**
     * Where marketing templates go. prefer: to Meta's endpoint for marketing messages, and to the plain one if that
     * refuses. only: to that endpoint alone. off: to the plain one.
     */
    marketing_endpoint?: 'prefer' | 'only' | 'off' | null | undefined;
    /**
     * Free-form messages outside of the 24-hour window. reject: answer with `window_closed`. hold: keep them until the
     * person writes. send: let WhatsApp decide.
     */
    on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
    /**
     * The messaging account (WABA) of which the messages are, where the number has several. Recado sends it with each
     * message. Null: the number has one.
     */
    messaging_account_id?: string | null | undefined;
  } | null | undefined;
} | {
  /** The connection to WhatsApp: sandbox is simulated, cloud is the Cloud API, web is a linked phone. */
  channel: 'cloud';
  /** The name that you give to the account. */
  name: string;
  /** An IANA time zone. Daily limits and quiet hours use it. */
  time_zone?: string | null | undefined;
  /** The sending limits. Absent fields keep their value, or get the default. */
  limits?: {
    /** The rate limit: at most this many messages in any interval of this length. */
    rate?: {
      /** Number of messages. */
      messages: number;
      /** Length of the interval in seconds. */
      seconds: number;
    } | null | undefined;
    /** Messages per calendar day in the account’s time zone. Null for no limit. */
    per_day?: number | null | undefined;
    /** At the daily limit, reject: accept no new messages. hold: keep them until midnight. */
    on_limit?: 'reject' | 'hold' | null | undefined;
    /** Conversations opened per day with people who wrote nothing for 24 hours. Null for no limit. */
    new_conversations_per_day?: number | null | undefined;
    /** A token bucket for each recipient. Null for no limit. */
    recipient?: {
      /** Messages that may leave at once. */
      burst: number;
      /** Seconds until the recipient may get one more message. */
      seconds: number;
    } | null | undefined;
    /** The longest random gap between two messages, in milliseconds. */
    jitter_ms?: number | null | undefined;
    /** In these hours of the account’s time zone, only messages of high priority leave. Null for none. */
    quiet_hours?: {
      /** The start. */
      from: string;
      /** The end. It is on the next day if it is earlier than `from`. */
      until: string;
    } | null | undefined;
    /** The daily limit grows from `first_day` to `per_day`. Null for no warm-up. */
    warm_up?: {
      /** The first day of the warm-up. */
      start: string;
      /** The daily limit on the first day. */
      first_day: number;
      /** Length of the warm-up in days. */
      days: number;
    } | null | undefined;
    /** The largest queue. Above it, Recado rejects messages with `queue_full`. */
    max_queued?: number | null | undefined;
    /** Number of conversations that Recado sends to in parallel. */
    concurrency?: number | null | undefined;
  } | null | undefined;
  /** Retries and unknown outcomes. Absent fields keep their value, or get the default. */
  delivery?: {
    /** Retries of calls that certainly did not reach the channel. */
    retry?: {
      /** Total number of attempts. */
      attempts: number;
      /** The first delay in milliseconds. Each further delay is twice as long. */
      delay_ms: number;
    } | null | undefined;
    /** What Recado does with an unknown outcome when no receipt comes within `unknown_window_seconds`. */
    on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
    /** How long Recado waits for a receipt when the outcome is unknown, in seconds. */
    unknown_window_seconds?: number | null | undefined;
    /** Recado reports a message once if it is not delivered this many seconds after sending. */
    undelivered_after_seconds?: number | null | undefined;
    /**
     * What happens to queued messages whose template WhatsApp pauses or rejects. hold: they wait until it is approved
     * again. fail: they are sent, and fail.
     */
    on_template_paused?: 'hold' | 'fail' | null | undefined;
    /**
     * Where marketing templates go. prefer: to Meta's endpoint for marketing messages, and to the plain one if that
     * refuses. only: to that endpoint alone. off: to the plain one.
     */
    marketing_endpoint?: 'prefer' | 'only' | 'off' | null | undefined;
    /**
     * Free-form messages outside of the 24-hour window. reject: answer with `window_closed`. hold: keep them until the
     * person writes. send: let WhatsApp decide.
     */
    on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
    /**
     * The messaging account (WABA) of which the messages are, where the number has several. Recado sends it with each
     * message. Null: the number has one.
     */
    messaging_account_id?: string | null | undefined;
  } | null | undefined;
  /** The Phone number ID. WhatsApp > API setup. */
  phone_number_id: string;
  /** The WhatsApp Business Account ID. WhatsApp > API setup. */
  business_account_id: string;
  /**
   * A permanent access token of a system user with `whatsapp_business_messaging` and `whatsapp_business_management`.
   * Never shown.
   */
  access_token: string;
  /** The secret of the app at Meta: App settings > Basic > App secret. Never shown. */
  app_secret: string;
  /** A text of your choice, with which Meta proves itself when it verifies the webhook URL. Never shown. */
  verify_token: string;
  /** The App ID. App settings > Basic. */
  app_id?: string | null | undefined;
  /**
   * The PIN of the two-step verification of the number. Given, Recado registers the number with it, unless the number
   * is in use in the WhatsApp Business app.
   */
  pin?: string | null | undefined;
} | {
  /** The connection to WhatsApp: sandbox is simulated, cloud is the Cloud API, web is a linked phone. */
  channel: 'web';
  /** The name that you give to the account. */
  name: string;
  /** An IANA time zone. Daily limits and quiet hours use it. */
  time_zone?: string | null | undefined;
  /** The sending limits. Absent fields keep their value, or get the default. */
  limits?: {
    /** The rate limit: at most this many messages in any interval of this length. */
    rate?: {
      /** Number of messages. */
      messages: number;
      /** Length of the interval in seconds. */
      seconds: number;
    } | null | undefined;
    /** Messages per calendar day in the account’s time zone. Null for no limit. */
    per_day?: number | null | undefined;
    /** At the daily limit, reject: accept no new messages. hold: keep them until midnight. */
    on_limit?: 'reject' | 'hold' | null | undefined;
    /** Conversations opened per day with people who wrote nothing for 24 hours. Null for no limit. */
    new_conversations_per_day?: number | null | undefined;
    /** A token bucket for each recipient. Null for no limit. */
    recipient?: {
      /** Messages that may leave at once. */
      burst: number;
      /** Seconds until the recipient may get one more message. */
      seconds: number;
    } | null | undefined;
    /** The longest random gap between two messages, in milliseconds. */
    jitter_ms?: number | null | undefined;
    /** In these hours of the account’s time zone, only messages of high priority leave. Null for none. */
    quiet_hours?: {
      /** The start. */
      from: string;
      /** The end. It is on the next day if it is earlier than `from`. */
      until: string;
    } | null | undefined;
    /** The daily limit grows from `first_day` to `per_day`. Null for no warm-up. */
    warm_up?: {
      /** The first day of the warm-up. */
      start: string;
      /** The daily limit on the first day. */
      first_day: number;
      /** Length of the warm-up in days. */
      days: number;
    } | null | undefined;
    /** The largest queue. Above it, Recado rejects messages with `queue_full`. */
    max_queued?: number | null | undefined;
    /** Number of conversations that Recado sends to in parallel. */
    concurrency?: number | null | undefined;
  } | null | undefined;
  /** Retries and unknown outcomes. Absent fields keep their value, or get the default. */
  delivery?: {
    /** Retries of calls that certainly did not reach the channel. */
    retry?: {
      /** Total number of attempts. */
      attempts: number;
      /** The first delay in milliseconds. Each further delay is twice as long. */
      delay_ms: number;
    } | null | undefined;
    /** What Recado does with an unknown outcome when no receipt comes within `unknown_window_seconds`. */
    on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
    /** How long Recado waits for a receipt when the outcome is unknown, in seconds. */
    unknown_window_seconds?: number | null | undefined;
    /** Recado reports a message once if it is not delivered this many seconds after sending. */
    undelivered_after_seconds?: number | null | undefined;
    /**
     * What happens to queued messages whose template WhatsApp pauses or rejects. hold: they wait until it is approved
     * again. fail: they are sent, and fail.
     */
    on_template_paused?: 'hold' | 'fail' | null | undefined;
    /**
     * Where marketing templates go. prefer: to Meta's endpoint for marketing messages, and to the plain one if that
     * refuses. only: to that endpoint alone. off: to the plain one.
     */
    marketing_endpoint?: 'prefer' | 'only' | 'off' | null | undefined;
    /**
     * Free-form messages outside of the 24-hour window. reject: answer with `window_closed`. hold: keep them until the
     * person writes. send: let WhatsApp decide.
     */
    on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
    /**
     * The messaging account (WABA) of which the messages are, where the number has several. Recado sends it with each
     * message. Null: the number has one.
     */
    messaging_account_id?: string | null | undefined;
  } | null | undefined;
};

export interface CheckNewAccountBody {
  /** The Phone number ID. WhatsApp > API setup. */
  phone_number_id: string;
  /** The WhatsApp Business Account ID. WhatsApp > API setup. */
  business_account_id: string;
  /**
   * A permanent access token of a system user with `whatsapp_business_messaging` and `whatsapp_business_management`.
   * Never shown.
   */
  access_token: string;
  /** The secret of the app at Meta: App settings > Basic > App secret. Never shown. */
  app_secret: string;
  /** The App ID. App settings > Basic. */
  app_id?: string | null | undefined;
}

export interface FindNumbersBody {
  /**
   * A permanent access token of a system user with `whatsapp_business_messaging` and `whatsapp_business_management`.
   * Never shown.
   */
  access_token: string;
  /** The secret of the app at Meta: App settings > Basic > App secret. Never shown. */
  app_secret: string;
  /** The App ID. App settings > Basic. */
  app_id?: string | null | undefined;
}

export interface ChangeCredentialsBody {
  /**
   * A permanent access token of a system user with `whatsapp_business_messaging` and `whatsapp_business_management`.
   * Never shown.
   */
  access_token?: string | null | undefined;
  /** The secret of the app at Meta: App settings > Basic > App secret. Never shown. */
  app_secret?: string | null | undefined;
  /** A text of your choice, with which Meta proves itself when it verifies the webhook URL. Never shown. */
  verify_token?: string | null | undefined;
  /**
   * The PIN of the two-step verification of the number. Given, Recado registers the number with it, unless the number
   * is in use in the WhatsApp Business app.
   */
  pin?: string | null | undefined;
}

export interface UpdateAccountBody {
  /** The name that you give to the account. */
  name?: string | null | undefined;
  /** An IANA time zone. Daily limits and quiet hours use it. */
  time_zone?: string | null | undefined;
  /** The sending limits. Absent fields keep their value, or get the default. */
  limits?: {
    /** The rate limit: at most this many messages in any interval of this length. */
    rate?: {
      /** Number of messages. */
      messages: number;
      /** Length of the interval in seconds. */
      seconds: number;
    } | null | undefined;
    /** Messages per calendar day in the account’s time zone. Null for no limit. */
    per_day?: number | null | undefined;
    /** At the daily limit, reject: accept no new messages. hold: keep them until midnight. */
    on_limit?: 'reject' | 'hold' | null | undefined;
    /** Conversations opened per day with people who wrote nothing for 24 hours. Null for no limit. */
    new_conversations_per_day?: number | null | undefined;
    /** A token bucket for each recipient. Null for no limit. */
    recipient?: {
      /** Messages that may leave at once. */
      burst: number;
      /** Seconds until the recipient may get one more message. */
      seconds: number;
    } | null | undefined;
    /** The longest random gap between two messages, in milliseconds. */
    jitter_ms?: number | null | undefined;
    /** In these hours of the account’s time zone, only messages of high priority leave. Null for none. */
    quiet_hours?: {
      /** The start. */
      from: string;
      /** The end. It is on the next day if it is earlier than `from`. */
      until: string;
    } | null | undefined;
    /** The daily limit grows from `first_day` to `per_day`. Null for no warm-up. */
    warm_up?: {
      /** The first day of the warm-up. */
      start: string;
      /** The daily limit on the first day. */
      first_day: number;
      /** Length of the warm-up in days. */
      days: number;
    } | null | undefined;
    /** The largest queue. Above it, Recado rejects messages with `queue_full`. */
    max_queued?: number | null | undefined;
    /** Number of conversations that Recado sends to in parallel. */
    concurrency?: number | null | undefined;
  } | null | undefined;
  /** Retries and unknown outcomes. Absent fields keep their value, or get the default. */
  delivery?: {
    /** Retries of calls that certainly did not reach the channel. */
    retry?: {
      /** Total number of attempts. */
      attempts: number;
      /** The first delay in milliseconds. Each further delay is twice as long. */
      delay_ms: number;
    } | null | undefined;
    /** What Recado does with an unknown outcome when no receipt comes within `unknown_window_seconds`. */
    on_unknown?: 'hold' | 'retry' | 'fail' | null | undefined;
    /** How long Recado waits for a receipt when the outcome is unknown, in seconds. */
    unknown_window_seconds?: number | null | undefined;
    /** Recado reports a message once if it is not delivered this many seconds after sending. */
    undelivered_after_seconds?: number | null | undefined;
    /**
     * What happens to queued messages whose template WhatsApp pauses or rejects. hold: they wait until it is approved
     * again. fail: they are sent, and fail.
     */
    on_template_paused?: 'hold' | 'fail' | null | undefined;
    /**
     * Where marketing templates go. prefer: to Meta's endpoint for marketing messages, and to the plain one if that
     * refuses. only: to that endpoint alone. off: to the plain one.
     */
    marketing_endpoint?: 'prefer' | 'only' | 'off' | null | undefined;
    /**
     * Free-form messages outside of the 24-hour window. reject: answer with `window_closed`. hold: keep them until the
     * person writes. send: let WhatsApp decide.
     */
    on_window_closed?: 'reject' | 'hold' | 'send' | null | undefined;
    /**
     * The messaging account (WABA) of which the messages are, where the number has several. Recado sends it with each
     * message. Null: the number has one.
     */
    messaging_account_id?: string | null | undefined;
  } | null | undefined;
}

export interface ClearAccountQueueAnswer {
  /** Number of messages that changed. */
  count: number;
}

export interface StartLinkBody {
  /** qr: a QR code for the camera. pairing_code: eight characters to type in. */
  method: 'qr' | 'pairing_code';
  /** The number of the phone, with + and country code. Only for `pairing_code`, which needs it. */
  phone?: string | null | undefined;
  /** Somebody has read the risks and accepts them. Needed once for each account. */
  accept_risks?: true | null | undefined;
}

export interface ListSegmentsQuery {
  /** Only the segments of this kind. */
  kind?: 'filter' | 'list' | undefined;
}

export interface CreateSegmentBody {
  /** The name. Unique, without regard to case and accents. */
  name: string;
  /** filter: the people who fit at the moment. list: static, the people that somebody puts into it. */
  kind: 'filter' | 'list';
  /**
   * Who belongs to it. Default: everybody. For a list: the people who fit now become its members, at most 10000.
   * Default: nobody.
   */
  filter?: {
    /**
     * Who belongs to it: groups of conditions, at most 3 deep and 30 conditions in all. An empty `all` is everybody.
     */
    match: {
      /** All of these must be true. */
      all?: Array<SegmentConditionInput | {
        /** All of these must be true. */
        all?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
        /** One of these must be true. */
        any?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
      }> | null | undefined;
      /** One of these must be true. */
      any?: Array<SegmentConditionInput | {
        /** All of these must be true. */
        all?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
        /** One of these must be true. */
        any?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
      }> | null | undefined;
    };
    /** Segments and lists whose people do not belong to it. They must leave out none themselves. */
    leave_out?: string[] | null | undefined;
  } | null | undefined;
}

export interface UpdateSegmentBody {
  /** The name. Unique, without regard to case and accents. */
  name?: string | null | undefined;
  /** Who belongs to it from now on. Not for a list. */
  filter?: {
    /**
     * Who belongs to it: groups of conditions, at most 3 deep and 30 conditions in all. An empty `all` is everybody.
     */
    match: {
      /** All of these must be true. */
      all?: Array<SegmentConditionInput | {
        /** All of these must be true. */
        all?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
        /** One of these must be true. */
        any?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
      }> | null | undefined;
      /** One of these must be true. */
      any?: Array<SegmentConditionInput | {
        /** All of these must be true. */
        all?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
        /** One of these must be true. */
        any?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
      }> | null | undefined;
    };
    /** Segments and lists whose people do not belong to it. They must leave out none themselves. */
    leave_out?: string[] | null | undefined;
  } | null | undefined;
}

export interface CountSegmentBody {
  /** A filter, saved or not. Default: everybody. */
  filter?: {
    /**
     * Who belongs to it: groups of conditions, at most 3 deep and 30 conditions in all. An empty `all` is everybody.
     */
    match: {
      /** All of these must be true. */
      all?: Array<SegmentConditionInput | {
        /** All of these must be true. */
        all?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
        /** One of these must be true. */
        any?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
      }> | null | undefined;
      /** One of these must be true. */
      any?: Array<SegmentConditionInput | {
        /** All of these must be true. */
        all?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
        /** One of these must be true. */
        any?: Array<SegmentConditionInput | {
          /** All of these must be true. */
          all?: SegmentConditionInput[] | null | undefined;
          /** One of these must be true. */
          any?: SegmentConditionInput[] | null | undefined;
        }> | null | undefined;
      }> | null | undefined;
    };
    /** Segments and lists whose people do not belong to it. They must leave out none themselves. */
    leave_out?: string[] | null | undefined;
  } | null | undefined;
  /** A saved segment or a list, instead of a filter. */
  segment_id?: string | null | undefined;
}

export interface CreateContactFieldBody {
  /** The key of the field in `fields`. It never changes. */
  key: string;
  /** The name that people see. */
  name: string;
  /** The kind of its values. yes_no: true or false. It never changes. */
  type: 'text' | 'number' | 'date' | 'yes_no' | 'choice';
  /** The choices. Only for fields of the type choice. */
  choices?: string[] | null | undefined;
}

export interface UpdateContactFieldBody {
  /** The name that people see. */
  name?: string | null | undefined;
  /** The choices from now on. Contacts keep a choice that is gone. */
  choices?: string[] | null | undefined;
  /** Its new place, from 1. The others move. */
  position?: number | null | undefined;
}

export interface ListLabelsQuery {
  /** Only the labels of this kind. */
  on?: 'contact' | 'conversation' | undefined;
}

export interface CreateLabelBody {
  /** The name. Unique among the labels of its kind, without regard to case and accents. */
  name: string;
  /** The colour of the mark beside the name. */
  color: 'indigo' | 'orange' | 'teal' | 'magenta' | 'olive' | 'gray' | 'violet' | 'brown';
  /** Whether it is for contacts or for conversations. It never changes. */
  on: 'contact' | 'conversation';
}

export interface UpdateLabelBody {
  /** The name. Unique among the labels of its kind, without regard to case and accents. */
  name?: string | null | undefined;
  /** The colour of the mark beside the name. */
  color?: 'indigo' | 'orange' | 'teal' | 'magenta' | 'olive' | 'gray' | 'violet' | 'brown' | null | undefined;
}

export interface OpenConversationBody {
  /** The id of an account. */
  account_id: string;
  /** The number with + and country code. Spaces and dashes are allowed. */
  to?: string | null | undefined;
  /** The contact to write to. */
  contact_id?: string | null | undefined;
}

export interface ListConversationsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only the conversations of this account. */
  account_id?: string | undefined;
  /** Only the conversations of this team. */
  team_id?: string | undefined;
  /** Only the conversations with this label. */
  label_id?: string | undefined;
  /** Only the conversations in this state. */
  state?: 'open' | 'snoozed' | 'closed' | undefined;
  /** Only the conversations of this person or API key. me: of the caller. nobody: of nobody. */
  assignee?: 'me' | 'nobody' | string | undefined;
  /** Part of the contact's name, or at least three digits of the number. */
  search?: string | undefined;
  /**
   * newest, the default: by the last message. longest_waiting: the longest wait first, conversations where nobody waits
   * last. window_closing: the 24-hour window that closes next comes first, then what has no open window.
   */
  sort?: 'newest' | 'longest_waiting' | 'window_closing' | undefined;
  /** The id of a contact. */
  contact_id?: string | undefined;
  /** true: only with unread messages. false: only without. */
  unread?: boolean | undefined;
  /** true: only with a message that waits to be sent. */
  waiting?: boolean | undefined;
  /** true: only with a message of the last 7 days that failed or whose outcome is unknown. */
  not_sent?: boolean | undefined;
  /**
   * Only open conversations in which the person has waited for an answer for at least so many minutes. 0: for any time.
   */
  unanswered_minutes?: number | undefined;
  /**
   * Only the conversations whose 24-hour window is open, and closes within so many minutes. Accounts without a window
   * have none.
   */
  closes_within_minutes?: number | undefined;
}

export interface ListContactsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only these: at most 100 ids, separated by commas. */
  ids?: string[] | undefined;
  /** The number with + and country code. Spaces and dashes are allowed. */
  phone?: string | undefined;
  /** Only the contacts with exactly this reference. */
  reference?: string | undefined;
  /**
   * Part of a name, at least three digits of a number, the whole reference, or the beginning of a value of your fields.
   * A text with a letter is no number.
   */
  search?: string | undefined;
  /** Only the contacts with this label. */
  label_id?: string | undefined;
  /** Only the people of this segment or list. */
  segment_id?: string | undefined;
  /** Only the contacts with this value of one of your fields: key, colon, value. */
  field?: string | undefined;
  /** Only the contacts with this language. */
  language?: string | undefined;
  /** Only numbers with the calling code of this country. Countries that share a code come together. */
  country?: string | undefined;
  /** true: only with an opt-out. false: only without. */
  opted_out?: boolean | undefined;
  /** true: only with unread messages. false: only without. */
  unread?: boolean | undefined;
  /** Only contacts created at this time or later. */
  created_from?: string | Date | undefined;
  /** Only contacts created before this time. */
  created_until?: string | Date | undefined;
  /**
   * created: newest first. name: by name. last_message: the latest message first, then contacts without one. Default:
   * created.
   */
  sort?: 'created' | 'name' | 'last_message' | undefined;
}

export interface CreateContactBody {
  /** The name of the person. Null for no name. */
  name?: string | null | undefined;
  /** The number with + and country code. Spaces and dashes are allowed. */
  phone?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The language of the person, as the languages of templates. */
  language?: string | null | undefined;
  /**
   * Values of your own fields, by key. Fields that are not named stay. Null removes a value. A date is a text like
   * 1990-03-14.
   */
  fields?: Record<string, string | number | boolean | null> | null | undefined;
  /** All labels that it has from now on. */
  label_ids?: string[] | null | undefined;
}

export interface ExportContactsQuery {
  /** Only these: at most 100 ids, separated by commas. */
  ids?: string[] | undefined;
  /** The number with + and country code. Spaces and dashes are allowed. */
  phone?: string | undefined;
  /** Only the contacts with exactly this reference. */
  reference?: string | undefined;
  /**
   * Part of a name, at least three digits of a number, the whole reference, or the beginning of a value of your fields.
   * A text with a letter is no number.
   */
  search?: string | undefined;
  /** Only the contacts with this label. */
  label_id?: string | undefined;
  /** Only the people of this segment or list. */
  segment_id?: string | undefined;
  /** Only the contacts with this value of one of your fields: key, colon, value. */
  field?: string | undefined;
  /** Only the contacts with this language. */
  language?: string | undefined;
  /** Only numbers with the calling code of this country. Countries that share a code come together. */
  country?: string | undefined;
  /** true: only with an opt-out. false: only without. */
  opted_out?: boolean | undefined;
  /** true: only with unread messages. false: only without. */
  unread?: boolean | undefined;
  /** Only contacts created at this time or later. */
  created_from?: string | Date | undefined;
  /** Only contacts created before this time. */
  created_until?: string | Date | undefined;
}

export interface ApplyLabelBody {
  /** Whether the contacts get the label or lose it. */
  action: 'add' | 'remove';
  /** The contacts. Unknown and deleted ones are left out. */
  contact_ids?: string[] | null | undefined;
  /** All contacts that fit these filters of the list, at most 10,000. Empty: all contacts. */
  filter?: {
    /** Only these: at most 100 ids, separated by commas. */
    ids?: string[] | null | undefined;
    /** The number with + and country code. Spaces and dashes are allowed. */
    phone?: string | null | undefined;
    /** Only the contacts with exactly this reference. */
    reference?: string | null | undefined;
    /**
     * Part of a name, at least three digits of a number, the whole reference, or the beginning of a value of your
     * fields. A text with a letter is no number.
     */
    search?: string | null | undefined;
    /** Only the contacts with this label. */
    label_id?: string | null | undefined;
    /** Only the people of this segment or list. */
    segment_id?: string | null | undefined;
    /** Only the contacts with this value of one of your fields: key, colon, value. */
    field?: string | null | undefined;
    /** Only the contacts with this language. */
    language?: string | null | undefined;
    /** Only numbers with the calling code of this country. Countries that share a code come together. */
    country?: string | null | undefined;
    /** true: only with an opt-out. false: only without. */
    opted_out?: boolean | null | undefined;
    /** true: only with unread messages. false: only without. */
    unread?: boolean | null | undefined;
    /** Only contacts created at this time or later. */
    created_from?: string | Date | null | undefined;
    /** Only contacts created before this time. */
    created_until?: string | Date | null | undefined;
  } | null | undefined;
}

export interface ChangeMembersBody {
  /** Whether the contacts come into the list or leave it. */
  action: 'add' | 'remove';
  /** The contacts. Unknown and deleted ones are left out. */
  contact_ids?: string[] | null | undefined;
  /** All contacts that fit these filters of the list of contacts, at most 10,000. Empty: all contacts. */
  filter?: {
    /** Only these: at most 100 ids, separated by commas. */
    ids?: string[] | null | undefined;
    /** The number with + and country code. Spaces and dashes are allowed. */
    phone?: string | null | undefined;
    /** Only the contacts with exactly this reference. */
    reference?: string | null | undefined;
    /**
     * Part of a name, at least three digits of a number, the whole reference, or the beginning of a value of your
     * fields. A text with a letter is no number.
     */
    search?: string | null | undefined;
    /** Only the contacts with this label. */
    label_id?: string | null | undefined;
    /** Only the people of this segment or list. */
    segment_id?: string | null | undefined;
    /** Only the contacts with this value of one of your fields: key, colon, value. */
    field?: string | null | undefined;
    /** Only the contacts with this language. */
    language?: string | null | undefined;
    /** Only numbers with the calling code of this country. Countries that share a code come together. */
    country?: string | null | undefined;
    /** true: only with an opt-out. false: only without. */
    opted_out?: boolean | null | undefined;
    /** true: only with unread messages. false: only without. */
    unread?: boolean | null | undefined;
    /** Only contacts created at this time or later. */
    created_from?: string | Date | null | undefined;
    /** Only contacts created before this time. */
    created_until?: string | Date | null | undefined;
  } | null | undefined;
}

export interface UpdateContactBody {
  /** The name of the person. Null for no name. */
  name?: string | null | undefined;
  /** The number with + and country code. Spaces and dashes are allowed. */
  phone?: string | null | undefined;
  /** Your own name for it, such as an order number. Lists find it by its exact value. */
  reference?: string | null | undefined;
  /** Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most. */
  metadata?: Record<string, string> | null | undefined;
  /** The language of the person, as the languages of templates. */
  language?: string | null | undefined;
  /**
   * Values of your own fields, by key. Fields that are not named stay. Null removes a value. A date is a text like
   * 1990-03-14.
   */
  fields?: Record<string, string | number | boolean | null> | null | undefined;
  /** All labels that it has from now on. */
  label_ids?: string[] | null | undefined;
}

export interface ControlConversationBody {
  /** take: it is yours. pass: it is of another role. release: the next owner gets it. */
  action: 'take' | 'pass' | 'release';
  /** To whom it is passed. Default: as the business has set up at Meta. */
  role?: 'ai_agent' | 'ctwa' | 'customer_service' | 'escalation' | 'marketing' | 'utility' | null | undefined;
  /** A text for the next owner. */
  metadata?: string | null | undefined;
}

export interface CloseConversationBody {
  /** Why, in your own words. */
  reason?: string | null | undefined;
}

export interface SnoozeConversationBody {
  /** When it opens again, at most a year from now. Null, the default: only once the person writes. */
  until?: string | Date | null | undefined;
}

export interface AssignConversationBody {
  /** The person who gets it. */
  person_id?: string | null | undefined;
  /** The program that gets it, by its API key. */
  api_key_id?: string | null | undefined;
  /**
   * The team that it is of from now on. Without a person and a program, the team gives it out. Null: of no team. Left
   * out: its team stays.
   */
  team_id?: string | null | undefined;
  /** Why. The thread shows it. */
  reason?: string | null | undefined;
  /** A note for who gets it, such as a summary. It needs `notes.write`, and is written together with it. */
  note?: string | null | undefined;
}

/** Without more than a name: manual, sticky, no limits, a grace of 5 minutes, and nobody in it. */
export interface CreateTeamBody {
  /** The name. Unique in the workspace, without regard to case and accents. */
  name: string;
  /**
   * manual: people take and give conversations. round_robin: the member who got one longest ago gets the next.
   * balanced: the member with the fewest, and among equals who got one longest ago.
   */
  mode?: 'manual' | 'round_robin' | 'balanced' | null | undefined;
  /** Whether the member who had the person last gets the conversation, if online and with room. */
  sticky?: boolean | null | undefined;
  /** The most open conversations that the members have together. Null: only their own capacity counts. */
  capacity?: number | null | undefined;
  /**
   * A conversation goes back to the team if its assignee has not answered by then, in the hours of the team where it
   * has any. Null: never.
   */
  reassign_after_minutes?: number | null | undefined;
  /**
   * What becomes of the open conversations of a member who goes offline. keep: they stay. grace: they go back to the
   * team, unless the member returns in time. to_team: they go back at once.
   */
  offline_policy?: 'keep' | 'grace' | 'to_team' | null | undefined;
  /** The time to return, where the policy is grace. */
  offline_grace_minutes?: number | null | undefined;
  /**
   * When the team works. The time to answer then runs in these hours only, and waits are measured in them too. Null:
   * the whole day, on all days.
   */
  hours?: {
    /** The IANA time zone of the hours and of the closed days. */
    time_zone: string;
    /** When the team works in a week. A night is two of them: until 24:00, and from 00:00. */
    intervals: Array<{
      /** The day: 1 is Monday, 7 is Sunday. */
      weekday: number;
      /** From this time by the clock of the zone. */
      opens: string;
      /** Until this time. 24:00 is the end of the day. */
      closes: string;
    }>;
    /** The days on which the team is closed, whatever the weekday. Default: none. */
    holidays?: Array<{
      /** The day, by the calendar of the zone. */
      date: string;
      /** What it is called. */
      name: string;
    }> | null | undefined;
  } | null | undefined;
  /** The accounts whose new conversations are of the team. An account has one team at most: it leaves the other. */
  account_ids?: string[] | null | undefined;
  /** All members from now on: people who may answer. */
  members?: Array<{
    /** The id of a person. */
    person_id: string;
    /** The most open conversations that the member has. Default: 10. */
    capacity?: number | null | undefined;
  }> | null | undefined;
}

export interface UpdateTeamBody {
  /** The name. Unique in the workspace, without regard to case and accents. */
  name?: string | null | undefined;
  /**
   * manual: people take and give conversations. round_robin: the member who got one longest ago gets the next.
   * balanced: the member with the fewest, and among equals who got one longest ago.
   */
  mode?: 'manual' | 'round_robin' | 'balanced' | null | undefined;
  /** Whether the member who had the person last gets the conversation, if online and with room. */
  sticky?: boolean | null | undefined;
  /** The most open conversations that the members have together. Null: only their own capacity counts. */
  capacity?: number | null | undefined;
  /**
   * A conversation goes back to the team if its assignee has not answered by then, in the hours of the team where it
   * has any. Null: never.
   */
  reassign_after_minutes?: number | null | undefined;
  /**
   * What becomes of the open conversations of a member who goes offline. keep: they stay. grace: they go back to the
   * team, unless the member returns in time. to_team: they go back at once.
   */
  offline_policy?: 'keep' | 'grace' | 'to_team' | null | undefined;
  /** The time to return, where the policy is grace. */
  offline_grace_minutes?: number | null | undefined;
  /**
   * When the team works. The time to answer then runs in these hours only, and waits are measured in them too. Null:
   * the whole day, on all days.
   */
  hours?: {
    /** The IANA time zone of the hours and of the closed days. */
    time_zone: string;
    /** When the team works in a week. A night is two of them: until 24:00, and from 00:00. */
    intervals: Array<{
      /** The day: 1 is Monday, 7 is Sunday. */
      weekday: number;
      /** From this time by the clock of the zone. */
      opens: string;
      /** Until this time. 24:00 is the end of the day. */
      closes: string;
    }>;
    /** The days on which the team is closed, whatever the weekday. Default: none. */
    holidays?: Array<{
      /** The day, by the calendar of the zone. */
      date: string;
      /** What it is called. */
      name: string;
    }> | null | undefined;
  } | null | undefined;
  /** The accounts whose new conversations are of the team. An account has one team at most: it leaves the other. */
  account_ids?: string[] | null | undefined;
  /** All members from now on: people who may answer. */
  members?: Array<{
    /** The id of a person. */
    person_id: string;
    /** The most open conversations that the member has. Default: 10. */
    capacity?: number | null | undefined;
  }> | null | undefined;
}

/** Without a status the hours say it. A choice of your own holds until the hours begin or end. */
export interface SetMyAvailabilityBody {
  /**
   * online: conversations are given to the person. away: the person keeps theirs, and gets none. offline: the policy of
   * the team decides about theirs. away is the state before the first choice.
   */
  status?: 'online' | 'away' | 'offline' | null | undefined;
  /**
   * When the choice ends, at most a year from now. online then becomes offline, the others online. Null, the default:
   * with the next choice.
   */
  until?: string | Date | null | undefined;
  /**
   * Whether the person is online as the hours of their teams begin, and offline as they end. Without such hours it
   * changes nothing.
   */
  follows_hours?: boolean | null | undefined;
}

export interface ListConversationChangesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface ListEpisodesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface CountConversationsQuery {
  /** Only the conversations of this account. */
  account_id?: string | undefined;
}

export interface CreateSavedViewBody {
  /** The name in the inbox. */
  name: string;
  /**
   * personal, the default: only for the caller. team: for the members of a team. workspace: for everybody. It never
   * changes.
   */
  scope?: 'personal' | 'team' | 'workspace' | null | undefined;
  /** The team. Only with the scope team. */
  team_id?: string | null | undefined;
  /** The filters of the list of conversations. Without any: all conversations. */
  filter: {
    /** Only the conversations of this account. */
    account_id?: string | null | undefined;
    /** Only the conversations of this team. */
    team_id?: string | null | undefined;
    /** Only the conversations with this label. */
    label_id?: string | null | undefined;
    /** Only the conversations in this state. */
    state?: 'open' | 'snoozed' | 'closed' | null | undefined;
    /** Only the conversations of this person or API key. me: of the caller. nobody: of nobody. */
    assignee?: 'me' | 'nobody' | string | null | undefined;
    /** Part of the contact's name, or at least three digits of the number. */
    search?: string | null | undefined;
    /**
     * newest, the default: by the last message. longest_waiting: the longest wait first, conversations where nobody
     * waits last. window_closing: the 24-hour window that closes next comes first, then what has no open window.
     */
    sort?: 'newest' | 'longest_waiting' | 'window_closing' | null | undefined;
    /** true: only with unread messages. false: only without. */
    unread?: boolean | null | undefined;
    /** true: only with a message that waits to be sent. */
    waiting?: boolean | null | undefined;
    /** true: only with a message of the last 7 days that failed or whose outcome is unknown. */
    not_sent?: boolean | null | undefined;
    /**
     * Only open conversations in which the person has waited for an answer for at least so many minutes. 0: for any
     * time.
     */
    unanswered_minutes?: number | null | undefined;
    /**
     * Only the conversations whose 24-hour window is open, and closes within so many minutes. Accounts without a window
     * have none.
     */
    closes_within_minutes?: number | null | undefined;
  };
}

export interface UpdateSavedViewBody {
  /** The name in the inbox. */
  name?: string | null | undefined;
  /** The filters of the list of conversations. Without any: all conversations. */
  filter?: {
    /** Only the conversations of this account. */
    account_id?: string | null | undefined;
    /** Only the conversations of this team. */
    team_id?: string | null | undefined;
    /** Only the conversations with this label. */
    label_id?: string | null | undefined;
    /** Only the conversations in this state. */
    state?: 'open' | 'snoozed' | 'closed' | null | undefined;
    /** Only the conversations of this person or API key. me: of the caller. nobody: of nobody. */
    assignee?: 'me' | 'nobody' | string | null | undefined;
    /** Part of the contact's name, or at least three digits of the number. */
    search?: string | null | undefined;
    /**
     * newest, the default: by the last message. longest_waiting: the longest wait first, conversations where nobody
     * waits last. window_closing: the 24-hour window that closes next comes first, then what has no open window.
     */
    sort?: 'newest' | 'longest_waiting' | 'window_closing' | null | undefined;
    /** true: only with unread messages. false: only without. */
    unread?: boolean | null | undefined;
    /** true: only with a message that waits to be sent. */
    waiting?: boolean | null | undefined;
    /** true: only with a message of the last 7 days that failed or whose outcome is unknown. */
    not_sent?: boolean | null | undefined;
    /**
     * Only open conversations in which the person has waited for an answer for at least so many minutes. 0: for any
     * time.
     */
    unanswered_minutes?: number | null | undefined;
    /**
     * Only the conversations whose 24-hour window is open, and closes within so many minutes. Accounts without a window
     * have none.
     */
    closes_within_minutes?: number | null | undefined;
  } | null | undefined;
}

export interface ListNotesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface CreateNoteBody {
  /** The text. It may be empty where the note has files. */
  body?: string | null | undefined;
  /** The people whom the note names. Each must be a member who may see the account of the conversation. */
  mentions?: string[] | null | undefined;
  /** Files that you uploaded for it. From then on the note alone has them, and no message carries them. */
  media_ids?: string[] | null | undefined;
}

export interface UpdateNoteBody {
  /** The text. It may be empty where the note has files. */
  body: string;
  /** All files of the note from now on. Recado deletes its others. Default: as they are. */
  media_ids?: string[] | null | undefined;
  /** The people whom the note names now. Default: nobody. */
  mentions?: string[] | null | undefined;
}

export interface ChangeSearchSettingBody {
  /** Whether the texts are indexed. */
  enabled: boolean;
}

export interface SearchMessagesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /**
   * Words, of which the last one may be a beginning, and operators:
   * is:open|snoozed|closed|unread|waiting|mine|unassigned, has:image|video|audio|document|failed, in:notes, from:,
   * account:, label:, team:, assignee:, before:2026-10-31, after:2026-10-01. A name with spaces stands in quotes:
   * label:"Big order". Any other word before a colon is text.
   */
  q: string;
  /** Only texts of this conversation. */
  conversation_id?: string | undefined;
}

export interface CreateConversationJobBody {
  /** What is done with each. */
  action: 'close' | 'snooze' | 'assign' | 'label' | 'unlabel';
  /** These. Give either them or `filter`. */
  conversation_ids?: string[] | null | undefined;
  /** The filters of the list of conversations. Without any: all conversations. */
  filter?: {
    /** Only the conversations of this account. */
    account_id?: string | null | undefined;
    /** Only the conversations of this team. */
    team_id?: string | null | undefined;
    /** Only the conversations with this label. */
    label_id?: string | null | undefined;
    /** Only the conversations in this state. */
    state?: 'open' | 'snoozed' | 'closed' | null | undefined;
    /** Only the conversations of this person or API key. me: of the caller. nobody: of nobody. */
    assignee?: 'me' | 'nobody' | string | null | undefined;
    /** Part of the contact's name, or at least three digits of the number. */
    search?: string | null | undefined;
    /**
     * newest, the default: by the last message. longest_waiting: the longest wait first, conversations where nobody
     * waits last. window_closing: the 24-hour window that closes next comes first, then what has no open window.
     */
    sort?: 'newest' | 'longest_waiting' | 'window_closing' | null | undefined;
    /** true: only with unread messages. false: only without. */
    unread?: boolean | null | undefined;
    /** true: only with a message that waits to be sent. */
    waiting?: boolean | null | undefined;
    /** true: only with a message of the last 7 days that failed or whose outcome is unknown. */
    not_sent?: boolean | null | undefined;
    /**
     * Only open conversations in which the person has waited for an answer for at least so many minutes. 0: for any
     * time.
     */
    unanswered_minutes?: number | null | undefined;
    /**
     * Only the conversations whose 24-hour window is open, and closes within so many minutes. Accounts without a window
     * have none.
     */
    closes_within_minutes?: number | null | undefined;
  } | null | undefined;
  /** Of a snooze: when they open again. Default: only once the person writes. */
  until?: string | Date | null | undefined;
  /** Of a close or an assignment: why, in your own words. */
  reason?: string | null | undefined;
  /** Of an assignment: the person who gets them. Default: nobody. */
  person_id?: string | null | undefined;
  /** Of an assignment: the team that they are of from now on. Without a person, it gives them out. */
  team_id?: string | null | undefined;
  /** The label of `label` and `unlabel`. */
  label_id?: string | null | undefined;
}

export interface ListConversationJobsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface ListSavedRepliesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only the replies of this scope. */
  scope?: 'personal' | 'team' | 'workspace' | undefined;
  /** Only the replies for this account. */
  account_id?: string | undefined;
  /** Words of the title, the shortcut or the text. */
  search?: string | undefined;
}

export interface CreateSavedReplyBody {
  /** What people type after /. Unique among the replies of its scope. */
  shortcut: string;
  /** What people read in the list. */
  title: string;
  /**
   * The text. Variables: {{contact.name}}, {{contact.first_name}}, {{agent.name}}, {{account.name}} and {{field.KEY}}
   * of your own fields. The text behind | replaces an empty one: {{contact.first_name|there}}.
   */
  body: string;
  /**
   * personal, the default: only for the caller. team: for the members of a team. workspace: for everybody. It never
   * changes.
   */
  scope?: 'personal' | 'team' | 'workspace' | null | undefined;
  /** The team. Only with the scope team. */
  team_id?: string | null | undefined;
  /** Files that go with it, each as a message of its own. Upload them first. */
  media_ids?: string[] | null | undefined;
  /** The language of the text, as the languages of templates. Null if it is for all. */
  language?: string | null | undefined;
  /** Only for these accounts. Null for all. */
  account_ids?: string[] | null | undefined;
  /** An approved template, which people send instead while the 24-hour window is closed. Null for none. */
  template?: {
    /** The name of the template. */
    name: string;
    /** The language of the template. */
    language: string;
  } | null | undefined;
}

export interface UpdateSavedReplyBody {
  /** What people type after /. Unique among the replies of its scope. */
  shortcut?: string | null | undefined;
  /** What people read in the list. */
  title?: string | null | undefined;
  /**
   * The text. Variables: {{contact.name}}, {{contact.first_name}}, {{agent.name}}, {{account.name}} and {{field.KEY}}
   * of your own fields. The text behind | replaces an empty one: {{contact.first_name|there}}.
   */
  body?: string | null | undefined;
  /** Files that go with it, each as a message of its own. Upload them first. */
  media_ids?: string[] | null | undefined;
  /** The language of the text, as the languages of templates. Null if it is for all. */
  language?: string | null | undefined;
  /** Only for these accounts. Null for all. */
  account_ids?: string[] | null | undefined;
  /** An approved template, which people send instead while the 24-hour window is closed. Null for none. */
  template?: {
    /** The name of the template. */
    name: string;
    /** The language of the template. */
    language: string;
  } | null | undefined;
}

export interface PreviewRetentionQuery {
  /** As `retention.messages_days`. */
  messages_days?: number | undefined;
  /** As `retention.media_days`. */
  media_days?: number | undefined;
}

export interface ListErasuresQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface UploadMediaBody {
  /** An https link to the file. Recado downloads it. */
  link: string;
  /** The file name. Default: from the link. */
  filename?: string | null | undefined;
  /** The type of message that will carry the file. Default: from the media type. */
  kind?: 'image' | 'video' | 'audio' | 'document' | 'sticker' | null | undefined;
}

export interface UploadMediaForm {
  /** One file. */
  file: Blob;
  /** The file name. Default: the name of the uploaded file. */
  filename?: string | undefined;
  /** The type of message that will carry the file. Default: from the media type. */
  kind?: 'image' | 'video' | 'audio' | 'document' | 'sticker' | undefined;
}

export interface ListMediaQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only files of this kind. */
  kind?: 'image' | 'video' | 'audio' | 'document' | 'sticker' | undefined;
  /** Only files with this status. */
  status?: 'pending' | 'stored' | 'failed' | 'expired' | undefined;
  /** Only uploaded files, or only received files. */
  direction?: 'uploaded' | 'received' | undefined;
}

export interface GetMediaContentQuery {
  /** true: redirect to a link of the file store, if the store has links. */
  redirect?: boolean | undefined;
}

export interface CreateMediaLinkBody {
  /** How long the link works, in seconds. Default: 300. */
  valid_for_seconds?: number | null | undefined;
}

export interface ListMessagesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only messages created at or after this time. */
  from?: string | Date | undefined;
  /** Only messages created before this time. */
  until?: string | Date | undefined;
  /** The id of an account. */
  account_id?: string | undefined;
  /** The id of a contact. */
  contact_id?: string | undefined;
  /** The id of a conversation. */
  conversation_id?: string | undefined;
  /** The id of a batch. */
  batch_id?: string | undefined;
  /** Only outbound or only inbound messages. */
  direction?: 'outbound' | 'inbound' | undefined;
  /** One or more, separated by commas. */
  type?: Array<
    | 'text'
    | 'image'
    | 'video'
    | 'audio'
    | 'document'
    | 'sticker'
    | 'location'
    | 'contacts'
    | 'reaction'
    | 'interactive'
    | 'template'
    | 'button'
    | 'order'
    | 'call'
    | 'system'
    | 'unsupported'> | undefined;
  /** One or more, separated by commas. */
  status?: Array<
    | 'scheduled'
    | 'queued'
    | 'sending'
    | 'unknown'
    | 'sent'
    | 'failed'
    | 'delivered'
    | 'read'
    | 'played'
    | 'cancelled'
    | 'expired'
    | 'received'> | undefined;
  /** Only outbound messages of this priority. */
  priority?: 'high' | 'normal' | 'low' | undefined;
  /** Only messages with this error code; without `status`, only failed ones. */
  error_code?: string | undefined;
  /**
   * Only messages that wait for this reason. Of each account, the first 10,000 that may leave, that stand behind others
   * and that are scheduled are looked at; for `scheduled`, all.
   */
  waiting_reason?:
    | 'next'
    | 'storage_full'
    | 'no_worker'
    | 'reconnecting'
    | 'not_linked'
    | 'conversation_order'
    | 'scheduled'
    | 'rate_limit'
    | 'daily_limit'
    | 'new_conversation_limit'
    | 'window_closed'
    | 'recipient_limit'
    | 'quiet_hours'
    | 'paused'
    | 'flagged'
    | 'retry'
    | 'recipient_throttled'
    | 'deferred'
    | 'restricted'
    | 'throttled'
    | 'account_error'
    | 'file_pending'
    | 'template_paused'
    | 'campaign_paused'
    | 'unknown_outcome' | undefined;
  /** Only the messages of the contact with this number. */
  phone?: string | undefined;
  /** Only the messages that this person or API key sent. */
  created_by?: string | undefined;
  /** Only the message with this id at the channel. */
  channel_message_id?: string | undefined;
  /** Only the messages with exactly this reference. */
  reference?: string | undefined;
  /** Only messages whose timeline has an event at or after this time: new ones and changed ones. */
  updated_since?: string | Date | undefined;
  /** asc: oldest first. desc: newest first. Default: desc. */
  order?: 'asc' | 'desc' | undefined;
}

export interface ListConversationMessagesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only messages older than this message or note. */
  before?: string | undefined;
  /** Only messages newer than this message or note. The list is then oldest first. */
  after?: string | undefined;
}

export interface SendMessagesBody {
  /** Up to 1,000 bodies, each as for `POST /api/v1/messages`. */
  messages: SendMessage[];
}

export interface ListBatchesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface ListOptOutsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** The id of a contact. */
  contact_id?: string | undefined;
  /** Only opt-outs of this category. */
  category?: 'marketing' | 'all' | undefined;
  /** Only opt-outs of this source. */
  source?: 'word' | 'button' | 'whatsapp' | 'rejection' | 'page' | 'person' | 'api' | 'import' | undefined;
}

export interface CreateOptOutBody {
  /** The id of a contact. */
  contact_id?: string | null | undefined;
  /** The number of the person, with + and country code. Instead of `contact_id`. */
  to?: string | null | undefined;
  /** marketing: no templates of the category MARKETING. all: no messages. Default: all. */
  category?: 'marketing' | 'all' | null | undefined;
  /** A suggestion, which is taken by this. Instead of `contact_id`. */
  suggestion_id?: string | null | undefined;
  /** Why the person gets no such messages. Rejected sends show it. */
  reason: string;
}

export interface ExportOptOutsQuery {
  /** The id of a contact. */
  contact_id?: string | undefined;
  /** Only opt-outs of this category. */
  category?: 'marketing' | 'all' | undefined;
  /** Only opt-outs of this source. */
  source?: 'word' | 'button' | 'whatsapp' | 'rejection' | 'page' | 'person' | 'api' | 'import' | undefined;
}

export interface RemoveOptOutBody {
  /** Why the person gets messages again. The audit log keeps it. */
  reason: string;
}

export interface ListOptOutLedgerQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** The id of a contact. */
  contact_id?: string | undefined;
  /** Only entries of the person with this number, with + and country code. Also finds an erased person. */
  to?: string | undefined;
  /** Only entries of this kind. */
  kind?: 'in' | 'out' | undefined;
  /** Only entries of this source. */
  source?: 'word' | 'button' | 'whatsapp' | 'rejection' | 'page' | 'person' | 'api' | 'import' | undefined;
  /** Only entries at or after this time. */
  from?: string | Date | undefined;
  /** Only entries before this time. */
  until?: string | Date | undefined;
}

export interface ExportOptOutLedgerQuery {
  /** The id of a contact. */
  contact_id?: string | undefined;
  /** Only entries of the person with this number, with + and country code. Also finds an erased person. */
  to?: string | undefined;
  /** Only entries of this kind. */
  kind?: 'in' | 'out' | undefined;
  /** Only entries of this source. */
  source?: 'word' | 'button' | 'whatsapp' | 'rejection' | 'page' | 'person' | 'api' | 'import' | undefined;
  /** Only entries at or after this time. */
  from?: string | Date | undefined;
  /** Only entries before this time. */
  until?: string | Date | undefined;
}

export interface CreateConsentBody {
  /** The id of a contact. */
  contact_id?: string | null | undefined;
  /** The number of the person, with + and country code. Instead of `contact_id`. */
  to?: string | null | undefined;
  /** The messages that the person agreed to. Default: marketing. */
  category?: 'marketing' | 'all' | null | undefined;
  /** The legal basis, such as an article of a law. */
  legal_basis: string;
  /** The words that the person agreed to. */
  wording: string;
  /** The time of the consent. Default: now. */
  given_at?: string | Date | null | undefined;
  /** Where and how the person gave it. */
  reason?: string | null | undefined;
}

export interface ListOptOutSuggestionsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** The id of a contact. */
  contact_id?: string | undefined;
  /** The id of a conversation. */
  conversation_id?: string | undefined;
  /** Only suggestions in this state. */
  state?: 'open' | 'taken' | 'dismissed' | undefined;
}

export interface UpdateOptOutSettingsBody {
  /**
   * The messages that a word stops. marketing: templates of the category MARKETING. all: all messages. Default:
   * marketing.
   */
  effect?: 'marketing' | 'all' | null | undefined;
  /** The short answer to a word. Absent fields stay as they are. */
  answers?: {
    /** Whether Recado answers a word, once in 24 hours for stop and for start. Default: true. */
    enabled?: boolean | null | undefined;
    /** The answer to a word that stops messages. Null for a text in the language of the word. */
    stop?: string | null | undefined;
    /** The answer to a word that starts messages again. Null for a text in the language of the word. */
    start?: string | null | undefined;
  } | null | undefined;
  /** The words. Lists replace the earlier ones; absent fields stay as they are. */
  words?: {
    /** Your own words that stop messages. Case, accents and punctuation do not count. */
    stop?: string[] | null | undefined;
    /** Your own words that start messages again. Case, accents and punctuation do not count. */
    start?: string[] | null | undefined;
    /** Built-in words that act from now on. */
    turn_on?: string[] | null | undefined;
    /** Built-in words that no longer act. */
    turn_off?: string[] | null | undefined;
  } | null | undefined;
  /**
   * Whether a person gets marketing templates only with a consent in the ledger. Recado rejects others with
   * `consent_missing`. Default: false.
   */
  consent_required?: boolean | null | undefined;
}

export interface CreateOptOutLinkBody {
  /** The id of a contact. */
  contact_id?: string | null | undefined;
  /** The number of the person, with + and country code. Instead of `contact_id`. */
  to?: string | null | undefined;
}

export interface ListTemplatesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only templates that this account can send. */
  account_id?: string | undefined;
  /** Only templates in this state. */
  status?:
    | 'APPROVED'
    | 'PENDING'
    | 'REJECTED'
    | 'PAUSED'
    | 'DISABLED'
    | 'IN_APPEAL'
    | 'PENDING_DELETION'
    | 'DELETED'
    | 'LIMIT_EXCEEDED'
    | 'ARCHIVED'
    | 'LOCKED'
    | 'FLAGGED' | undefined;
  /** Only templates of this category. */
  category?: 'AUTHENTICATION' | 'MARKETING' | 'UTILITY' | undefined;
  /** Only templates with exactly this name. */
  name?: string | undefined;
  /** Only templates in this language. */
  language?: string | undefined;
  /** Only templates with this text in their name or body. */
  search?: string | undefined;
}

export interface UpdateTemplateBody {
  /** The category, which decides the price and the rules. */
  category?: 'AUTHENTICATION' | 'MARKETING' | 'UTILITY' | null | undefined;
  /** How long WhatsApp tries to deliver it. */
  message_send_ttl_seconds?: number | null | undefined;
  /** The parts of the template, with the fields of Meta. */
  components?: Array<TemplateHeader | TemplateBody | TemplateFooter | TemplateButtons | TemplateOffer | TemplateCallPermission | TemplateCarousel> | null | undefined;
}

export interface SyncTemplatesBody {
  /** Only the WhatsApp business account of this account. Default: all of the workspace. */
  account_id?: string | null | undefined;
}

export interface GetCostQuery {
  /** The month. Default: this one. */
  month?: string | undefined;
  /** The id of an account. */
  account_id?: string | undefined;
}

export interface GetCostOfConversationsQuery {
  /** Messages accepted from then on. Default: 28 days ago. */
  from?: string | Date | undefined;
  /** Messages accepted before. Default: now. */
  until?: string | Date | undefined;
  /** The id of an account. */
  account_id?: string | undefined;
  /** The id of a conversation. */
  conversation_id?: string | undefined;
}

export interface ImportRateCardBody {
  /** The name of the file. */
  file_name: string;
  /**
   * The CSV file of WhatsApp: Market, Currency, then a column for each category. Or tiers: Market, Currency, Category,
   * From, Rate.
   */
  text: string;
  /** The first day that it counts for. */
  valid_from: string;
  /** The name. Default: the name of the file. */
  name?: string | null | undefined;
}

export interface UseRateCardBody {
  /** Take rates that are three times what they were, too. Default: false. */
  accept_odd?: boolean | null | undefined;
}

export interface UpdateCostSettingsBody {
  /** The most that the workspace may cost in a month. Null for no cap. */
  cap?: string | null | undefined;
  /** The most that each account without its own may cost in a month. Null for no cap. */
  account_cap?: string | null | undefined;
  /** The most that a campaign may cost that names no cap. */
  campaign_cap?: string | null | undefined;
  /** Accounts to change. Absent ones and absent fields stay as they are. */
  accounts?: Array<{
    /** The id of an account. */
    account_id: string;
    /** Its own cap of a month. Null: that of all accounts. */
    cap?: string | null | undefined;
    /** What a provider adds, in percent of the rate. */
    surcharge_percent?: string | null | undefined;
    /** What a provider adds to each billed message. */
    surcharge_fixed?: string | null | undefined;
  }> | null | undefined;
}

export interface ListReconciliationsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** The id of an account. */
  account_id?: string | undefined;
}

export interface ExportReconciliationsQuery {
  /** The id of an account. */
  account_id?: string | undefined;
}

export interface CreateImportBody {
  /** The lines, as in a CSV file. */
  content: string;
  /** The name of the import. Default: contacts.csv. */
  name?: string | null | undefined;
  /** true: also if the same lines were imported before. */
  again?: boolean | null | undefined;
}

export interface CreateImportForm {
  /** A CSV file of at most 50 MB and 500,000 rows. */
  file: Blob;
  /** The name of the import. Default: the name of the file. */
  name?: string | undefined;
  /** true: also if the same file was imported before. */
  again?: 'true' | 'false' | undefined;
}

export interface ListImportsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface GetImportSampleQuery {
  /** A template: each of its variables is a column of the file. */
  template_id?: string | undefined;
}

export interface UpdateImportBody {
  /** What columns become. Columns that are not named keep their target. */
  columns?: Array<{
    /** The place of the column, from 1. */
    column: number;
    /**
     * What the column becomes. Columns with `name` are joined by a space, columns with `labels` are taken together. A
     * number of `second_phone` counts where the cell of `phone` is empty. `contact_id` is the id of an export. Values
     * of `value` are kept for campaigns as long as the rows, and not written to contacts.
     */
    target:
      | 'name'
      | 'phone'
      | 'second_phone'
      | 'country'
      | 'contact_id'
      | 'reference'
      | 'language'
      | 'labels'
      | 'opt_out'
      | 'value'
      | 'leave_out' | string;
  }> | null | undefined;
  /** The country of numbers without a country code. */
  default_country?: string | null | undefined;
  /**
   * Whether numbers without + begin with their country code, as WhatsApp writes them. Where no such number exists,
   * `default_country` counts.
   */
  numbers_have_country_code?: boolean | null | undefined;
  /** The order of year, month and day in dates. ymd: 2026-11-30. */
  dates?: 'ymd' | 'dmy' | 'mdy' | null | undefined;
  /** What happens to a contact that is there already. Labels are only added. */
  if_known?: 'fill_empty' | 'replace' | 'skip' | null | undefined;
  /** Whether the import creates the labels that are not there. Otherwise such rows are invalid. */
  create_labels?: boolean | null | undefined;
  /** What a yes in the column with `opt_out` means. A cell may also say marketing or all. */
  opt_out_category?: 'marketing' | 'all' | null | undefined;
  /** How the characters of the file are written, if wrongly detected. */
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | null | undefined;
  /** The character between two cells, if wrongly detected. */
  delimiter?: 'comma' | 'semicolon' | 'tab' | 'pipe' | null | undefined;
  /** Whether the first row has the names of the columns. */
  header?: boolean | null | undefined;
}

export interface ListImportRowsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only rows with this fate. */
  fate?:
    | 'new'
    | 'known'
    | 'duplicate'
    | 'invalid'
    | 'created'
    | 'updated'
    | 'unchanged'
    | 'skipped' | undefined;
  /** Only rows with this code. */
  code?:
    | 'nobody_named'
    | 'phone_unreadable'
    | 'phone_scientific'
    | 'phone_without_country'
    | 'phone_too_short'
    | 'phone_too_long'
    | 'phone_impossible'
    | 'phone_two_readings'
    | 'country_unknown'
    | 'line_break'
    | 'contact_id_invalid'
    | 'name_invalid'
    | 'reference_invalid'
    | 'language_invalid'
    | 'field_invalid'
    | 'label_invalid'
    | 'label_unknown'
    | 'too_many_labels'
    | 'opt_out_invalid'
    | 'value_too_long'
    | 'too_many_cells'
    | 'quote_not_closed'
    | 'text_after_quote'
    | 'later_row'
    | 'already_known' | undefined;
  /**
   * Only invalid rows. certain: a suggestion makes them valid. known: the same, and a contact has the number.
   * two_readings: the number has several readings. none: all others.
   */
  suggestion?: 'certain' | 'known' | 'two_readings' | 'none' | undefined;
}

export interface MendImportRowBody {
  /** The cells that change. The others stay. */
  cells: Array<{
    /** The place of the column, from 1. */
    column: number;
    /** The new content of the cell. */
    value: string;
  }>;
}

export interface ListCampaignsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only campaigns in these states, separated by commas. */
  state?: Array<
    | 'draft'
    | 'scheduled'
    | 'missed'
    | 'preparing'
    | 'running'
    | 'paused'
    | 'held'
    | 'done'
    | 'cancelled'> | undefined;
}

export interface CreateCampaignBody {
  /** The name. Recipients do not see it. */
  name: string;
  /** The accounts that send it. A person gets it from the one that they talked to last, else by turns. */
  account_ids?: string[] | null | undefined;
  /** The message; of several, each person gets the one that their id decides. */
  variants?: CampaignVariant[] | null | undefined;
  /** How many percent of the people get nothing, for comparison. */
  control_share?: number | null | undefined;
  /** Who gets it: everybody who is in one of these. */
  include?: CampaignSourceInput[] | null | undefined;
  /** Who does not get it. */
  exclude?: CampaignSourceInput[] | null | undefined;
  /** When Recado decides who gets it: as it starts, or as it is scheduled. */
  recipients_at?: 'start' | 'schedule' | null | undefined;
  /** When it starts. */
  start?: {
    /** When it starts. Without at and local: when somebody starts it. */
    at?: string | Date | null | undefined;
    /** The date and time at which each person gets it, where they live. */
    local?: string | null | undefined;
    /** The key of the field that has the time zone of a person, like Europe/Lisbon. */
    zone_field?: string | null | undefined;
    /** What happens if Recado was not running until 15 minutes after the start. */
    missed?: 'ask' | 'start' | 'skip' | null | undefined;
  } | null | undefined;
  /** The hours in which people get it, where they live. Null for any. */
  hours?: {
    /** Not before this time of the person. */
    from: string;
    /** Not after this time of the person. */
    until: string;
    /** The days of the week, 1 for Monday. */
    days?: number[] | null | undefined;
  } | null | undefined;
  /** A few people first. Null: all at once. */
  waves?: {
    /** How many people the first waves have. The rest follows. */
    sizes: number[];
    /** A wave is over once this percentage of it has a receipt. */
    receipts?: number | null | undefined;
    /** A wave is over after this time at the latest. */
    wait_minutes?: number | null | undefined;
  } | null | undefined;
  /** Of the last 200 outcomes, and at least 50: when Recado holds the campaign. */
  stop_rules?: {
    /** Failed, other than by the next two, in percent. */
    failed?: number | null | undefined;
    /** Not on WhatsApp (131026), in percent. */
    not_on_whatsapp?: number | null | undefined;
    /** Spared by WhatsApp (131049), in percent. */
    spared?: number | null | undefined;
    /** Opted out, in percent. */
    opted_out?: number | null | undefined;
    /** Held once the quality of an account falls to this. At red always. */
    quality?: 'yellow' | 'red' | null | undefined;
    /**
     * Held once its messages cost this much, in the currency of the rate card. Null: the cap of campaigns of the
     * workspace. It can be changed while the campaign runs.
     */
    spent?: string | null | undefined;
  } | null | undefined;
  /** The most messages a minute. Null: as fast as the accounts allow. */
  rate_per_minute?: number | null | undefined;
  /** The percent of the daily limits that campaigns may use. Replies and codes have the rest. */
  daily_share?: number | null | undefined;
  /** Caps for a person, over all campaigns and the API. Null for none. Only for marketing. */
  caps?: {
    /** The most marketing messages of a person in 24 hours. */
    day?: number | null | undefined;
    /** In 7 days. */
    week?: number | null | undefined;
    /** In 30 days. */
    month?: number | null | undefined;
    /** The most marketing messages to a person who never answers any. */
    unanswered?: number | null | undefined;
  } | null | undefined;
  /** For how long the first message of a person counts as a likely reply, in hours. */
  reply_hours?: number | null | undefined;
}

export interface UpdateCampaignBody {
  /** The name. Recipients do not see it. */
  name?: string | null | undefined;
  /** The accounts that send it. A person gets it from the one that they talked to last, else by turns. */
  account_ids?: string[] | null | undefined;
  /** The message; of several, each person gets the one that their id decides. */
  variants?: CampaignVariant[] | null | undefined;
  /** How many percent of the people get nothing, for comparison. */
  control_share?: number | null | undefined;
  /** Who gets it: everybody who is in one of these. */
  include?: CampaignSourceInput[] | null | undefined;
  /** Who does not get it. */
  exclude?: CampaignSourceInput[] | null | undefined;
  /** When Recado decides who gets it: as it starts, or as it is scheduled. */
  recipients_at?: 'start' | 'schedule' | null | undefined;
  /** When it starts. */
  start?: {
    /** When it starts. Without at and local: when somebody starts it. */
    at?: string | Date | null | undefined;
    /** The date and time at which each person gets it, where they live. */
    local?: string | null | undefined;
    /** The key of the field that has the time zone of a person, like Europe/Lisbon. */
    zone_field?: string | null | undefined;
    /** What happens if Recado was not running until 15 minutes after the start. */
    missed?: 'ask' | 'start' | 'skip' | null | undefined;
  } | null | undefined;
  /** The hours in which people get it, where they live. Null for any. */
  hours?: {
    /** Not before this time of the person. */
    from: string;
    /** Not after this time of the person. */
    until: string;
    /** The days of the week, 1 for Monday. */
    days?: number[] | null | undefined;
  } | null | undefined;
  /** A few people first. Null: all at once. */
  waves?: {
    /** How many people the first waves have. The rest follows. */
    sizes: number[];
    /** A wave is over once this percentage of it has a receipt. */
    receipts?: number | null | undefined;
    /** A wave is over after this time at the latest. */
    wait_minutes?: number | null | undefined;
  } | null | undefined;
  /** Of the last 200 outcomes, and at least 50: when Recado holds the campaign. */
  stop_rules?: {
    /** Failed, other than by the next two, in percent. */
    failed?: number | null | undefined;
    /** Not on WhatsApp (131026), in percent. */
    not_on_whatsapp?: number | null | undefined;
    /** Spared by WhatsApp (131049), in percent. */
    spared?: number | null | undefined;
    /** Opted out, in percent. */
    opted_out?: number | null | undefined;
    /** Held once the quality of an account falls to this. At red always. */
    quality?: 'yellow' | 'red' | null | undefined;
    /**
     * Held once its messages cost this much, in the currency of the rate card. Null: the cap of campaigns of the
     * workspace. It can be changed while the campaign runs.
     */
    spent?: string | null | undefined;
  } | null | undefined;
  /** The most messages a minute. Null: as fast as the accounts allow. */
  rate_per_minute?: number | null | undefined;
  /** The percent of the daily limits that campaigns may use. Replies and codes have the rest. */
  daily_share?: number | null | undefined;
  /** Caps for a person, over all campaigns and the API. Null for none. Only for marketing. */
  caps?: {
    /** The most marketing messages of a person in 24 hours. */
    day?: number | null | undefined;
    /** In 7 days. */
    week?: number | null | undefined;
    /** In 30 days. */
    month?: number | null | undefined;
    /** The most marketing messages to a person who never answers any. */
    unanswered?: number | null | undefined;
  } | null | undefined;
  /** For how long the first message of a person counts as a likely reply, in hours. */
  reply_hours?: number | null | undefined;
}

export interface StartCampaignBody {
  /** Start now, whatever its settings say. */
  now?: boolean | null | undefined;
}

export interface PauseCampaignBody {
  /** Why, for the others. */
  note?: string | null | undefined;
}

export interface CancelCampaignBody {
  /** Why, for the others. */
  note?: string | null | undefined;
}

export interface ApproveCampaignBody {
  /** For how many people you approve. Where Recado counts over 5 % more, it refuses. Default: as counted. */
  people?: number | null | undefined;
}

export interface RefuseCampaignBody {
  /** Why, for who asked. */
  note?: string | null | undefined;
}

export interface PreviewCampaignQuery {
  /** The person; else one of the first 200 of the audience. */
  contact_id?: string | undefined;
  /** Which of them: the first, the one with the longest text, or with the fewest values of their own. */
  pick?: 'first' | 'longest' | 'emptiest' | undefined;
  /** The variant, from 0. Default: that of the person. */
  variant?: string | undefined;
}

export interface TestCampaignBody {
  /** Who gets the test. It does not count for the campaign. */
  contact_ids: string[];
  /** Whose values it has. Default: their own. */
  values_of?: string | null | undefined;
  /** The variant, from 0. Default: the first. */
  variant?: number | null | undefined;
}

export interface ListCampaignRecipientsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only recipients in these states, separated by commas. */
  state?: Array<
    | 'left_out'
    | 'waiting'
    | 'sending'
    | 'unknown'
    | 'sent'
    | 'delivered'
    | 'read'
    | 'failed'
    | 'cancelled'
    | 'expired'
    | 'deleted'> | undefined;
  /** Only this reason, or this code of an error. */
  reason?: string | undefined;
  /** Only recipients of this account. */
  account_id?: string | undefined;
  /** Only recipients who replied. */
  replied?: 'sure' | 'likely' | 'any' | undefined;
}

export interface ExportCampaignRecipientsQuery {
  /** Only recipients in these states, separated by commas. */
  state?: Array<
    | 'left_out'
    | 'waiting'
    | 'sending'
    | 'unknown'
    | 'sent'
    | 'delivered'
    | 'read'
    | 'failed'
    | 'cancelled'
    | 'expired'
    | 'deleted'> | undefined;
  /** Only this reason, or this code of an error. */
  reason?: string | undefined;
  /** Only recipients of this account. */
  account_id?: string | undefined;
  /** Only recipients who replied. */
  replied?: 'sure' | 'likely' | 'any' | undefined;
}

export interface UpdateCampaignRulesBody {
  /** A second person must approve campaigns for more people than this. Null: none must. */
  approval_above?: number | null | undefined;
}

export interface ListDeadLettersQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only those of this account. */
  account_id?: string | undefined;
  /** Only those that arrived at or after this time. */
  from?: string | Date | undefined;
  /** Only those that arrived before this time. */
  until?: string | Date | undefined;
  /** Only those with this error. */
  error_code?:
    | 'body_unreadable'
    | 'body_too_complex'
    | 'item_unreadable'
    | 'field_unknown'
    | 'account_unknown'
    | 'not_storable'
    | 'more_items'
    | 'apply_failed'
    | 'app_unknown' | undefined;
}

export interface ListRawWebhooksQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only those of this account. */
  account_id?: string | undefined;
  /** Only those that arrived at or after this time. */
  from?: string | Date | undefined;
  /** Only those that arrived before this time. */
  until?: string | Date | undefined;
}

export interface MergeContactsBody {
  /** The contact that ends. Its history and its numbers move. */
  other_id: string;
  /** Which values of the other replace those of the contact. Where the contact has none, it gets them. */
  take?: Array<'name' | 'language' | 'reference' | string> | null | undefined;
}

export interface ResolveMessageBody {
  /** sent: the message arrived. failed: it did not. retry: send it again, which may duplicate it. */
  resolution: 'sent' | 'failed' | 'retry';
  /** Why, for the audit log. */
  reason?: string | null | undefined;
}

export interface CancelMessagesBody {
  /** The id of an account. */
  account_id?: string | null | undefined;
  /** The id of a contact. */
  contact_id?: string | null | undefined;
  /** The id of a conversation. */
  conversation_id?: string | null | undefined;
  /** The id of a batch. */
  batch_id?: string | null | undefined;
  /** Only messages created at or after this time. */
  from?: string | Date | null | undefined;
  /** Only messages created before this time. */
  until?: string | Date | null | undefined;
  /** Only the messages with these ids, at most 1,000. */
  ids?: string[] | null | undefined;
  /** Why, for the audit log. */
  reason?: string | null | undefined;
  /** Only messages of this priority. */
  priority?: 'high' | 'normal' | 'low' | null | undefined;
  /** Only messages with this status. */
  status?: 'scheduled' | 'queued' | null | undefined;
}

export interface CancelMessagesAnswer {
  /** Number of messages that changed. */
  count: number;
}

export interface RetryMessagesBody {
  /** The id of an account. */
  account_id?: string | null | undefined;
  /** The id of a contact. */
  contact_id?: string | null | undefined;
  /** The id of a conversation. */
  conversation_id?: string | null | undefined;
  /** The id of a batch. */
  batch_id?: string | null | undefined;
  /** Only messages created at or after this time. */
  from?: string | Date | null | undefined;
  /** Only messages created before this time. */
  until?: string | Date | null | undefined;
  /** Only the messages with these ids, at most 1,000. */
  ids?: string[] | null | undefined;
  /** Why, for the audit log. */
  reason?: string | null | undefined;
  /** Only messages that failed with this code. */
  error_code?: string | null | undefined;
}

export interface RetryMessagesAnswer {
  /** Number of messages that are queued again. */
  count: number;
  /** Number of matching messages not queued: the daily limit has no room, or more than 10,000 messages match. */
  left: number;
  /** Matching messages that are left out, by reason. */
  skipped: Array<{
    /** Why. */
    code:
      | 'unknown_outcome'
      | 'message_expired'
      | 'contact_deleted'
      | 'message_file_gone'
      | 'account_deleted'
      | 'account_not_connected'
      | 'opted_out'
      | 'window_closed';
    /** Number of messages. */
    count: number;
  }>;
}

export interface ResolveMessagesBody {
  /** sent: the message arrived. failed: it did not. retry: send it again, which may duplicate it. */
  resolution: 'sent' | 'failed' | 'retry';
  /** The id of an account. */
  account_id?: string | null | undefined;
  /** The id of a contact. */
  contact_id?: string | null | undefined;
  /** The id of a conversation. */
  conversation_id?: string | null | undefined;
  /** The id of a batch. */
  batch_id?: string | null | undefined;
  /** Only messages created at or after this time. */
  from?: string | Date | null | undefined;
  /** Only messages created before this time. */
  until?: string | Date | null | undefined;
  /** Only the messages with these ids, at most 1,000. */
  ids?: string[] | null | undefined;
  /** Why, for the audit log. */
  reason?: string | null | undefined;
  /** Only messages of this campaign. */
  campaign_id?: string | null | undefined;
}

export interface ResolveMessagesAnswer {
  /** Number of messages that are resolved. */
  count: number;
  /** Number of matching messages for another request: one resolves 1,000. */
  left: number;
  /** Matching messages that are left out, by reason. */
  skipped: Array<{
    /** Why. */
    code:
      | 'unknown_outcome'
      | 'message_expired'
      | 'contact_deleted'
      | 'message_file_gone'
      | 'account_deleted'
      | 'account_not_connected'
      | 'opted_out'
      | 'window_closed';
    /** Number of messages. */
    count: number;
  }>;
}

export interface GetQueueReasonsQuery {
  /** The id of an account. */
  account_id?: string | undefined;
}

export interface GetQueueErrorsQuery {
  /** Only messages created at or after this time. */
  from?: string | Date | undefined;
  /** Only messages created before this time. */
  until?: string | Date | undefined;
  /** The id of an account. */
  account_id?: string | undefined;
}

export interface GetMessageReasonsQuery {
  /** Only these: at most 100 ids, separated by commas. */
  ids: string[];
}

export interface GetStatisticsQuery {
  /** The start of the range, inclusive. Default: the start of the day of the last moment of the range. */
  from?: string | Date | undefined;
  /** The end of the range, exclusive. It may be in the future. Default: now. */
  until?: string | Date | undefined;
  /** An IANA time zone for days and hours. Default: that of the account, if `account_ids` is one, or UTC. */
  time_zone?: string | undefined;
  /** Only these: at most 100 ids, separated by commas. */
  account_ids?: string[] | undefined;
  /**
   * true: with the figures of the period before, which is as long and begins whole weeks earlier, at the same local
   * time.
   */
  compare?: boolean | undefined;
  /** How to group the figures. */
  group_by?: 'hour' | 'day' | 'account' | 'template' | 'campaign' | 'sender' | 'error' | 'country' | undefined;
}

export interface ExportStatisticsQuery {
  /** The start of the range, inclusive. Default: the start of the day of the last moment of the range. */
  from?: string | Date | undefined;
  /** The end of the range, exclusive. It may be in the future. Default: now. */
  until?: string | Date | undefined;
  /** An IANA time zone for days and hours. Default: that of the account, if `account_ids` is one, or UTC. */
  time_zone?: string | undefined;
  /** Only these: at most 100 ids, separated by commas. */
  account_ids?: string[] | undefined;
  /** How to group the figures. */
  group_by: 'hour' | 'day' | 'account' | 'template' | 'campaign' | 'sender' | 'error' | 'country';
}

export interface GetLatencyQuery {
  /** The start of the range, inclusive. Default: the start of the day of the last moment of the range. */
  from?: string | Date | undefined;
  /** The end of the range, exclusive. It may be in the future. Default: now. */
  until?: string | Date | undefined;
  /** An IANA time zone for days and hours. Default: that of the account, if `account_ids` is one, or UTC. */
  time_zone?: string | undefined;
  /** Only these: at most 100 ids, separated by commas. */
  account_ids?: string[] | undefined;
  /**
   * true: with the figures of the period before, which is as long and begins whole weeks earlier, at the same local
   * time.
   */
  compare?: boolean | undefined;
}

export interface ExportLatencyQuery {
  /** The start of the range, inclusive. Default: the start of the day of the last moment of the range. */
  from?: string | Date | undefined;
  /** The end of the range, exclusive. It may be in the future. Default: now. */
  until?: string | Date | undefined;
  /** An IANA time zone for days and hours. Default: that of the account, if `account_ids` is one, or UTC. */
  time_zone?: string | undefined;
  /** Only these: at most 100 ids, separated by commas. */
  account_ids?: string[] | undefined;
}

export interface GetResponsesQuery {
  /** The start of the range, inclusive. Default: the start of the day of the last moment of the range. */
  from?: string | Date | undefined;
  /** The end of the range, exclusive. It may be in the future. Default: now. */
  until?: string | Date | undefined;
  /** An IANA time zone for days and hours. Default: that of the account, if `account_ids` is one, or UTC. */
  time_zone?: string | undefined;
  /** Only these: at most 100 ids, separated by commas. */
  account_ids?: string[] | undefined;
  /**
   * true: with the figures of the period before, which is as long and begins whole weeks earlier, at the same local
   * time.
   */
  compare?: boolean | undefined;
}

export interface ExportResponsesQuery {
  /** The start of the range, inclusive. Default: the start of the day of the last moment of the range. */
  from?: string | Date | undefined;
  /** The end of the range, exclusive. It may be in the future. Default: now. */
  until?: string | Date | undefined;
  /** An IANA time zone for days and hours. Default: that of the account, if `account_ids` is one, or UTC. */
  time_zone?: string | undefined;
  /** Only these: at most 100 ids, separated by commas. */
  account_ids?: string[] | undefined;
}

export interface GetMessageStatisticsQuery {
  /** Only messages created at or after this time. */
  from?: string | Date | undefined;
  /** Only messages created before this time. */
  until?: string | Date | undefined;
  /** The id of an account. */
  account_id?: string | undefined;
  /** Only messages from and to this contact. */
  contact_id?: string | undefined;
  /** Only messages of this conversation. */
  conversation_id?: string | undefined;
}

export interface GetMessageSeriesQuery {
  /** Only messages created at or after this time. */
  from?: string | Date | undefined;
  /** Only messages created before this time. */
  until?: string | Date | undefined;
  /** The id of an account. */
  account_id?: string | undefined;
  /** The length of a bucket. Default: day. */
  interval?: 'hour' | 'day' | undefined;
  /** An IANA time zone for the buckets. Default: that of the account, or UTC without `account_id`. */
  time_zone?: string | undefined;
}

export interface ListWallViewsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface CreateWallViewBody {
  /** Where the screen hangs. */
  name: string;
  /** The accounts that it shows. Default: all, also later ones. */
  account_ids?: string[] | null | undefined;
  /** The IANA time zone in which its day begins. Default: UTC. */
  time_zone?: string | null | undefined;
}

export interface ShowWallViewBody {
  /** The secret of the link. */
  token: string;
}

export interface ChangePhoneBody {
  /** Whether the person reads what arrives. It applies to this account only. */
  auto_read?: boolean | null | undefined;
  /** The text that answers each message of the account. Null for none. */
  auto_reply?: string | null | undefined;
}

export type WriteOnPhoneBody = {
  /** The person writes. */
  type: 'text';
  /** What the person writes. */
  text: {
    /** The text. */
    body: string;
  };
  /** The message that it answers. */
  reply_to?: string | null | undefined;
} | {
  /** The person reacts to a message. */
  type: 'reaction';
  /** What the person reacts to, and how. */
  reaction: {
    /** The `channel_message_id` of the message. */
    message_id: string;
    /** The emoji. Null removes the reaction. */
    emoji: string | null;
  };
} | {
  /** The person presses a button or a row of a list. */
  type: 'choice';
  /** The button or row that the person presses. */
  choice: {
    /** The `channel_message_id` of the message. */
    message_id: string;
    /** The `id` of one of its options. */
    id: string;
  };
} | {
  /** The person sends a file. */
  type: 'file';
  /** The file that the person sends. */
  file: {
    /** The id of a file. */
    media_id: string;
    /** The caption. Audio and stickers have none. */
    caption?: string | null | undefined;
    /** Whether audio is a voice note. Default: false. */
    voice?: boolean | null | undefined;
  };
};

export interface DeleteDemoQuery {
  /**
   * What becomes of `others`. keep, the default: they and their messages stay, under the deleted account. erase: they
   * are erased too, with all their conversations.
   */
  others?: 'keep' | 'erase' | undefined;
}

export interface ListEventsQuery {
  /** Only these types, or all of a group: `message.received`, `account.*`. */
  types?: EventPattern[] | undefined;
  /** Only events of this account. */
  account_id?: string | undefined;
  /** Only events of this message. */
  message_id?: string | undefined;
  /** Only events of this conversation and of its messages; of older events, of its newest 1,000. */
  conversation_id?: string | undefined;
  /** Only events of this contact and of its messages; of older events, of its newest 1,000. */
  contact_id?: string | undefined;
  /** Only events at or after this time. */
  from?: string | Date | undefined;
  /** Only events before this time. */
  until?: string | Date | undefined;
  /**
   * The id of the last event that you have. `latest`: an empty page with the newest id as `last_id`. Default: the
   * oldest event that there is.
   */
  after?: string | 'latest' | undefined;
  /**
   * Newest first instead: the events before this one. `latest`: the newest. The next page is `before` the `last_id`.
   */
  before?: string | 'latest' | undefined;
  /** Page size. Default: 100. */
  limit?: number | undefined;
  /** For how many seconds to wait for an event where there is none yet. Default: 0. */
  wait?: number | undefined;
}

export interface ListEndpointsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface CreateEndpointBody {
  /** An https link to a public address. The operator can allow other hosts with `WEBHOOK_ALLOWED_HOSTS`. */
  url: string;
  /**
   * A secret of your own, such as one that your receivers check already: `whsec_` and the base64 of 24 to 64 bytes. No
   * answer shows it. Default: Recado makes one.
   */
  secret?: string | null | undefined;
  /** Your own name for it. */
  description?: string | null | undefined;
  /** The event types that it gets, such as `message.received` or the group `message.*`. Null for all. Default: null. */
  event_types?: string[] | null | undefined;
  /** Only events of these accounts. Null for all events. Default: null. */
  account_ids?: string[] | null | undefined;
  /**
   * Only events that match: `{field, equals | in | exists}`, combined with `and` and `or`. At most 4 levels and 50
   * conditions. Null for all.
   */
  filter?: Record<string, unknown> | null | undefined;
  /**
   * More headers of each request. Recado does not show their values again, and drops them when `url` moves to another
   * origin.
   */
  headers?: Record<string, string> | null | undefined;
  /** The form of the body. */
  format?: 'recado' | null | undefined;
  /** The most requests in a time, spread evenly. Null for no limit. */
  rate_limit?: {
    /** The most requests in the time. */
    messages: number;
    /** The time in seconds. */
    seconds: number;
  } | null | undefined;
  /** The most requests at once. Default: 10. */
  concurrency?: number | null | undefined;
  /** false: phone numbers of contacts arrive as ••• and their last four digits. Default: true. */
  sees_numbers?: boolean | null | undefined;
}

export interface UpdateEndpointBody {
  /** An https link to a public address. The operator can allow other hosts with `WEBHOOK_ALLOWED_HOSTS`. */
  url?: string | null | undefined;
  /** Your own name for it. */
  description?: string | null | undefined;
  /** The event types that it gets, such as `message.received` or the group `message.*`. Null for all. Default: null. */
  event_types?: string[] | null | undefined;
  /** Only events of these accounts. Null for all events. Default: null. */
  account_ids?: string[] | null | undefined;
  /**
   * Only events that match: `{field, equals | in | exists}`, combined with `and` and `or`. At most 4 levels and 50
   * conditions. Null for all.
   */
  filter?: Record<string, unknown> | null | undefined;
  /**
   * More headers of each request. Recado does not show their values again, and drops them when `url` moves to another
   * origin.
   */
  headers?: Record<string, string> | null | undefined;
  /** The form of the body. */
  format?: 'recado' | null | undefined;
  /** The most requests in a time, spread evenly. Null for no limit. */
  rate_limit?: {
    /** The most requests in the time. */
    messages: number;
    /** The time in seconds. */
    seconds: number;
  } | null | undefined;
  /** The most requests at once. Default: 10. */
  concurrency?: number | null | undefined;
  /** false: phone numbers of contacts arrive as ••• and their last four digits. Default: true. */
  sees_numbers?: boolean | null | undefined;
  /** paused: deliveries wait. active: deliveries go on, also after Recado disabled the endpoint. */
  status?: 'active' | 'paused' | null | undefined;
}

export interface RotateEndpointSecretBody {
  /**
   * A secret of your own, such as one that your receivers check already: `whsec_` and the base64 of 24 to 64 bytes. No
   * answer shows it. Default: Recado makes one.
   */
  secret?: string | null | undefined;
  /** For so long the former secret signs each request too. Default: 86400, a day. */
  overlap_seconds?: number | null | undefined;
}

export interface TestEndpointBody {
  /** Send the example of this type, with `test: true`, instead of `endpoint.test`. */
  event_type?: string | null | undefined;
}

export interface ListDeliveriesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only deliveries with this status. */
  status?: 'waiting' | 'succeeded' | 'failed' | undefined;
  /** Only events of this type. */
  event_type?: string | undefined;
  /** Only deliveries that were queued then or later. */
  created_since?: string | Date | undefined;
  /** Only deliveries that were queued before. */
  created_until?: string | Date | undefined;
}

export interface RecoverEndpointBody {
  /** Deliveries that failed then or later are attempted again, also deliveries that wait for their next attempt. */
  since: string | Date;
}

export interface CreateReplayBody {
  /** Events of this time and later. */
  from: string | Date;
  /** Events before this time. */
  until: string | Date;
  /** Only these event types. Default: all that the endpoint gets. */
  event_types?: string[] | null | undefined;
}

export interface ListReplaysQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface StreamEventsQuery {
  /** Only these types, or all of a group: `message.received`, `account.*`. */
  types?: EventPattern[] | undefined;
  /** Only events of this account. */
  account_id?: string | undefined;
  /** Only events of this message. */
  message_id?: string | undefined;
  /** Only events of this conversation and of its messages; of older events, of its newest 1,000. */
  conversation_id?: string | undefined;
  /** Only events of this contact and of its messages; of older events, of its newest 1,000. */
  contact_id?: string | undefined;
  /** The id of the last event that you have. Default: only new events. The header `Last-Event-ID` wins. */
  after?: string | undefined;
}

export interface ListAlertsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
  /** Only these. */
  state?: 'firing' | 'cleared' | undefined;
  /** Only those of this rule. */
  rule_id?: string | undefined;
}

export interface TakeAlertBody {
  /** What you do about it, for the others. */
  note?: string | null | undefined;
}

export interface MuteAlertBody {
  /** Until then nobody is told. Null ends it. */
  until: string | Date | null;
}

export interface MuteAlertsBody {
  /** Until then nobody is told. Null ends it. */
  until: string | Date | null;
}

export interface CreateAlertRuleBody {
  /** What the rule watches. */
  signal:
    | 'account_attention'
    | 'token_expiry'
    | 'webhook_routing'
    | 'limit_lowered'
    | 'silence_in'
    | 'stall_out'
    | 'no_receipts'
    | 'failed_share'
    | 'quality'
    | 'template_trouble'
    | 'unknown_age'
    | 'oldest_high'
    | 'oldest_normal'
    | 'daily_limit'
    | 'spend_cap'
    | 'free_messages'
    | 'unanswered'
    | 'nobody_online'
    | 'no_gateway'
    | 'endpoint_failing'
    | 'dead_letters'
    | 'disk'
    | 'clock'
    | 'web_version'
    | 'backup_age';
  /** Whether the rule is on. */
  enabled?: boolean | null | undefined;
  /** The accounts that it watches, each for itself. Null for all. */
  account_ids?: string[] | null | undefined;
  /** It fires above this value, in the unit of the signal. */
  fire_above?: number | null | undefined;
  /** It clears below this value. */
  clear_below?: number | null | undefined;
  /** With fewer messages there is no data: it neither fires nor clears. Only of a share. */
  minimum?: number | null | undefined;
  /** How far back it looks, where its signal looks back. */
  window_seconds?: number | null | undefined;
  /** How long the value has to be above before it fires. */
  for_seconds?: number | null | undefined;
  /** How long the value has to be below before it clears. */
  keep_seconds?: number | null | undefined;
  /** critical passes quiet hours, and is repeated every 30 minutes. */
  severity?: 'notice' | 'warning' | 'critical' | null | undefined;
  /** What to do, in your words. It is in every alert. No number and no text of a message. */
  note?: string | null | undefined;
  /** Who is told. Null for all owners and admins. */
  person_ids?: string[] | null | undefined;
  /** Until then it tells nobody. Null: not muted. */
  muted_until?: string | Date | null | undefined;
}

export interface UpdateAlertRuleBody {
  /** Whether the rule is on. */
  enabled?: boolean | null | undefined;
  /** The accounts that it watches, each for itself. Null for all. */
  account_ids?: string[] | null | undefined;
  /** It fires above this value, in the unit of the signal. */
  fire_above?: number | null | undefined;
  /** It clears below this value. */
  clear_below?: number | null | undefined;
  /** With fewer messages there is no data: it neither fires nor clears. Only of a share. */
  minimum?: number | null | undefined;
  /** How far back it looks, where its signal looks back. */
  window_seconds?: number | null | undefined;
  /** How long the value has to be above before it fires. */
  for_seconds?: number | null | undefined;
  /** How long the value has to be below before it clears. */
  keep_seconds?: number | null | undefined;
  /** critical passes quiet hours, and is repeated every 30 minutes. */
  severity?: 'notice' | 'warning' | 'critical' | null | undefined;
  /** What to do, in your words. It is in every alert. No number and no text of a message. */
  note?: string | null | undefined;
  /** Who is told. Null for all owners and admins. */
  person_ids?: string[] | null | undefined;
  /** Until then it tells nobody. Null: not muted. */
  muted_until?: string | Date | null | undefined;
}

export interface CreateAlertChannelBody {
  /** What kind of channel it is. */
  kind: 'webhook' | 'slack' | 'telegram' | 'ntfy' | 'whatsapp';
  /** What people call it. */
  name?: string | null | undefined;
  /** What it tells: severities, and cleared. */
  tells?: Array<'notice' | 'warning' | 'critical' | 'cleared'> | null | undefined;
  /** Whether it is on. */
  enabled?: boolean | null | undefined;
  /** webhook, slack, ntfy: where it is posted. It is shown in part only. */
  url?: string | null | undefined;
  /** telegram: the token of the bot. ntfy: an access token, if the topic needs one. Nobody sees it again. */
  secret?: string | null | undefined;
  /** telegram: the chat or group. */
  chat_id?: string | null | undefined;
  /** whatsapp: the account that writes. */
  account_id?: string | null | undefined;
  /** whatsapp: the template. */
  template?: {
    /** An approved utility template with one variable in its body. */
    name: string;
    /** The language of the template. */
    language: string;
  } | null | undefined;
  /** whatsapp: whom it writes to. Nobody sees the numbers again. */
  recipients?: string[] | null | undefined;
}

export interface UpdateAlertChannelBody {
  /** What people call it. */
  name?: string | null | undefined;
  /** What it tells: severities, and cleared. */
  tells?: Array<'notice' | 'warning' | 'critical' | 'cleared'> | null | undefined;
  /** Whether it is on. */
  enabled?: boolean | null | undefined;
  /** webhook, slack, ntfy: where it is posted. It is shown in part only. */
  url?: string | null | undefined;
  /** telegram: the token of the bot. ntfy: an access token, if the topic needs one. Nobody sees it again. */
  secret?: string | null | undefined;
  /** telegram: the chat or group. */
  chat_id?: string | null | undefined;
  /** whatsapp: the account that writes. */
  account_id?: string | null | undefined;
  /** whatsapp: the template. */
  template?: {
    /** An approved utility template with one variable in its body. */
    name: string;
    /** The language of the template. */
    language: string;
  } | null | undefined;
  /** whatsapp: whom it writes to. Nobody sees the numbers again. */
  recipients?: string[] | null | undefined;
}

export interface ListAlertDeliveriesQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface UpdateAlertSettingsBody {
  /** Alerts about one account that begin within this time are told together. */
  group_seconds?: number | null | undefined;
  /** Told again after this time, until somebody takes it. Critical: 30 minutes. */
  repeat_seconds?: number | null | undefined;
  /** Called every minute. If the call stays away, the service behind it tells you. Null: none. */
  ping_url?: string | null | undefined;
}

export interface SetMyAlertsBody {
  /** In these hours only critical alerts come by e-mail. Null: none. */
  quiet_hours: {
    /** From this time. */
    from: string;
    /** Until this time. */
    until: string;
    /** An IANA time zone. Daily limits and quiet hours use it. */
    time_zone: string;
  } | null;
}

export interface ListMyNotificationsQuery {
  /** Only those that you have not read, or only those that you have. */
  unread?: boolean | undefined;
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface ReadMyNotificationsBody {
  /** Only those about this conversation. */
  conversation_id?: string | null | undefined;
  /** Only this one. */
  notification_id?: string | null | undefined;
}

export interface UpdateMyNotificationSettingsBody {
  /** Kinds that are left out stay as they are. Null: all as they were at first. */
  kinds?: {
    /** Where you hear of mention. */
    mention?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of handed_over. */
    handed_over?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of assigned. */
    assigned?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of not_sent. */
    not_sent?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of snooze_over. */
    snooze_over?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of message. */
    message?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of followed. */
    followed?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of queue. */
    queue?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of alert. */
    alert?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of approval. */
    approval?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
    /** Where you hear of approval_rule. */
    approval_rule?: Array<'app' | 'browser' | 'sound' | 'email'> | null | undefined;
  } | null | undefined;
  /** What is shown outside of the app: text: the name and the text. name: only who. nothing: neither. */
  content?: 'text' | 'name' | 'nothing' | null | undefined;
  /** Which sound. */
  sound?: 'drop' | 'wood' | 'page' | 'bell' | null | undefined;
  /** How loud, in percent. */
  volume?: number | null | undefined;
  /** Whether the title and the icon of the tab count what is unread. */
  counts?: boolean | null | undefined;
}

export interface ListMyPushSubscriptionsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface SetMyPushSubscriptionBody {
  /** The address at the push service, as the browser says it. */
  endpoint: string;
  /** The keys of the subscription, as the browser says them. */
  keys: {
    /** The public key of the browser. */
    p256dh: string;
    /** The secret of the browser. */
    auth: string;
  };
  /** In which language the browser speaks. */
  language: 'en' | 'pt' | 'es' | 'ar';
}

export interface ListHooksQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

export interface CreateHookBody {
  /** What people call it. Plain text has it as its source. */
  name: string;
  /** The account that writes. */
  account_id: string;
  /** The contacts whom it writes to. */
  contact_ids: string[];
  /** What is sent outside of the 24-hour window. Null: then nothing can be sent. */
  template?: {
    /** An approved utility template. */
    name: string;
    /** The language of the template. */
    language: string;
    /** What fills the variables of its body, in their order. */
    variables: Array<'state' | 'title' | 'text' | 'source' | 'message'>;
  } | null | undefined;
  /** Whose alerts it reads. Null: Recado finds out. */
  format?: 'alertmanager' | 'grafana' | 'uptime_kuma' | 'text' | null | undefined;
  /** Whether it tells what is over. Default: true. */
  tells_resolved?: boolean | null | undefined;
  /** Calls within it make one message. Default: 30. */
  group_seconds?: number | null | undefined;
  /** Default: 20 messages in 3600 seconds. */
  limit?: {
    /** The most messages to each contact within the time. */
    messages: number;
    /** In this time. The same alert in the same state is told once in it. */
    seconds: number;
  } | null | undefined;
}

export interface UpdateHookBody {
  /** What people call it. Plain text has it as its source. */
  name?: string | null | undefined;
  /** The account that writes. */
  account_id?: string | null | undefined;
  /** The contacts whom it writes to. */
  contact_ids?: string[] | null | undefined;
  /** What is sent outside of the 24-hour window. Null: then nothing can be sent. */
  template?: {
    /** An approved utility template. */
    name: string;
    /** The language of the template. */
    language: string;
    /** What fills the variables of its body, in their order. */
    variables: Array<'state' | 'title' | 'text' | 'source' | 'message'>;
  } | null | undefined;
  /** Whose alerts it reads. Null: Recado finds out. */
  format?: 'alertmanager' | 'grafana' | 'uptime_kuma' | 'text' | null | undefined;
  /** Whether it tells what is over. Default: true. */
  tells_resolved?: boolean | null | undefined;
  /** Calls within it make one message. Default: 30. */
  group_seconds?: number | null | undefined;
  /** Default: 20 messages in 3600 seconds. */
  limit?: {
    /** The most messages to each contact within the time. */
    messages: number;
    /** In this time. The same alert in the same state is told once in it. */
    seconds: number;
  } | null | undefined;
}

export interface ListHookCallsQuery {
  /** Page size. Default: 50. */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /** Number of items to skip. Not allowed together with `cursor`. */
  offset?: number | undefined;
}

/** What the other program posts: JSON, or a text. */
export type CallHookBody = Record<string, unknown>;

export interface MessageEventData {
  /** The message as it is when you get the event. It may be newer than the event. */
  message: Message;
  /** The position in the message's timeline: 1, 2, 3 and so on. */
  number: number;
  /** What the event says beside the message, such as code and title of an error. */
  details: Record<string, unknown>;
}

export interface AlertEventData {
  /** The id of an alert. */
  alert_id: string;
  /** What is watched. */
  signal:
    | 'account_attention'
    | 'token_expiry'
    | 'webhook_routing'
    | 'limit_lowered'
    | 'silence_in'
    | 'stall_out'
    | 'no_receipts'
    | 'failed_share'
    | 'quality'
    | 'template_trouble'
    | 'unknown_age'
    | 'oldest_high'
    | 'oldest_normal'
    | 'daily_limit'
    | 'spend_cap'
    | 'free_messages'
    | 'unanswered'
    | 'nobody_online'
    | 'no_gateway'
    | 'endpoint_failing'
    | 'dead_letters'
    | 'disk'
    | 'clock'
    | 'web_version'
    | 'backup_age';
  /** notice, warning or critical. */
  severity: 'notice' | 'warning' | 'critical';
  /** The name of what it is about. */
  subject: string;
  /** The value, in the unit of the signal. */
  value: number;
}

export interface CampaignEventData {
  /** The id of a campaign. */
  campaign_id: string;
  /** The name of the campaign. */
  name: string;
  /** The state of the campaign. */
  state:
    | 'draft'
    | 'scheduled'
    | 'missed'
    | 'preparing'
    | 'running'
    | 'paused'
    | 'held'
    | 'done'
    | 'cancelled';
  /** The code of the reason why it is held or missed. */
  reason: string | null;
}

export interface ConversationEventData {
  /** The id of a conversation. */
  conversation_id: string;
  /** The id of a contact. */
  contact_id: string;
  episode_id: string | null;
  /**
   * Of a close: the words of who closed it; quiet: Recado closed it after days without a message. Of a reopening:
   * received, sent, by_hand, snooze_over, not_sent.
   */
  reason: string | null;
  /** Of a snooze: its end. Null until the person writes. */
  until: string | null;
  /** The person who did it. */
  person_id: string | null;
  /** The API key that did it. */
  api_key_id: string | null;
}

export interface TeamEventData {
  /** The id of a team. */
  team_id: string;
  /** The name of the team. */
  name: string;
}

export interface SavedReplyEventData {
  /** The id of a saved reply. */
  saved_reply_id: string;
  /** What people type after /. */
  shortcut: string;
}

export interface SavedViewEventData {
  /** The id of a saved view. */
  saved_view_id: string;
  /** The name of the view. */
  name: string;
}

export interface NoteEventData {
  /** The id of a note. */
  note_id: string;
  /** The id of a conversation. */
  conversation_id: string;
  /** The id of a contact. */
  contact_id: string;
  /** The person who did it. */
  person_id: string | null;
  /** The API key that did it. */
  api_key_id: string | null;
  /** The people whom it names. */
  mentions: string[];
  /** The people whom it did not name before. Recado tells them. */
  new_mentions: string[];
  /** Its files. */
  media_ids: string[];
}

export interface LabelEventData {
  /** The id of a label. */
  label_id: string;
  /** The name of the label. */
  name: string;
  /** Whether it is for contacts or for conversations. */
  on: 'contact' | 'conversation';
}

export interface SegmentEventData {
  /** The id of a segment. */
  segment_id: string;
  /** The name of the segment. */
  name: string;
  /** filter, or list. */
  kind: 'filter' | 'list';
}

export interface SpendCapEventData {
  /** The account. Null: another cap. */
  account_id: string | null;
  /** The campaign, if the cap is its own. */
  campaign_id: string | null;
  /** The month, by the clock of the account. Null for a campaign. */
  month: string | null;
}

export interface ContactFieldEventData {
  /** The id of a contact field. */
  contact_field_id: string;
  /** The key of the field. */
  key: string;
}

export interface ContactEventData {
  /** The id of a contact. */
  contact_id: string;
}

export interface ImportEventData {
  /** The id of an import. */
  contact_import_id: string;
  /** The state of the import. */
  state:
    | 'uploaded'
    | 'checking'
    | 'ready'
    | 'running'
    | 'finished'
    | 'failed'
    | 'cancelled'
    | 'undoing'
    | 'undone';
  /** The rows that are done. */
  done: number;
  /** The rows that there are to do. */
  of: number;
}

export interface AccountEventData {
  /** The status of the account. */
  status: string;
  /** Why it has this status. */
  status_reason: string | null;
}

export interface TemplateEventData {
  /** The id of a template. */
  template_id: string;
  /** The name of the template. */
  name: string;
  /** The language of the template. */
  language: string;
  /** The status at WhatsApp. */
  status: string;
  /** Why WhatsApp rejected or paused it. */
  reason: string | null;
}

export interface OptOutEventData {
  /** The id of an opt out. */
  opt_out_id: string;
  /** The id of a contact. */
  contact_id: string;
  /** marketing, or all messages. */
  category: 'marketing' | 'all';
  /** Where the opt-out came from. */
  source: 'word' | 'button' | 'whatsapp' | 'rejection' | 'page' | 'person' | 'api' | 'import';
}

export interface EndpointEventData {
  /** The id of an endpoint. */
  endpoint_id: string;
  /** Why Recado did it. Null where a person or program did. */
  reason: string | null;
}

export interface WallViewEventData {
  /** The id of a wall view. */
  wall_view_id: string;
  /** Where the screen hangs. */
  name: string;
}

export interface HookEventData {
  /** The id of a hook. */
  hook_id: string;
  /** What people call the hook. */
  name: string;
}

/** The `data` of each type of event. */
export interface EventData {
  /** Recado accepted a message for later. */
  'message.scheduled': MessageEventData;
  /** A message waits to be sent: it is new, or it was queued again. */
  'message.queued': MessageEventData;
  /** Recado calls WhatsApp for the message. */
  'message.sending': MessageEventData;
  /** A call did not succeed. Recado repeats it. */
  'message.retry_scheduled': MessageEventData;
  /** WhatsApp accepted the message. */
  'message.sent': MessageEventData;
  /** The message reached the phone. */
  'message.delivered': MessageEventData;
  /** The recipient read the message. For an inbound message: somebody marked it as read. */
  'message.read': MessageEventData;
  /** The recipient played the voice message. */
  'message.played': MessageEventData;
  /** The message failed for good. */
  'message.failed': MessageEventData;
  /** The call ended without an answer, so the message may have been sent. */
  'message.unknown': MessageEventData;
  /** The message waits for a decision, or for its template. */
  'message.held': MessageEventData;
  /** A person decided what became of an unknown outcome. */
  'message.resolved': MessageEventData;
  /** A late receipt changed the outcome of a message. */
  'message.reconciled': MessageEventData;
  /** WhatsApp accepted more than one call for the message. */
  'message.duplicated': MessageEventData;
  /** No delivery receipt came within the time of the account. */
  'message.undelivered': MessageEventData;
  /** The message waits longer than its reason explains. */
  'message.stuck': MessageEventData;
  /** The message was cancelled before it was sent. */
  'message.cancelled': MessageEventData;
  /** The message was not sent before its `expires_at`. */
  'message.expired': MessageEventData;
  /** A person wrote to one of your accounts. */
  'message.received': MessageEventData;
  /** A message from before the link came with the history of the phone. */
  'message.imported': MessageEventData;
  /**
   * A person and somebody else wrote to each other: another partner, or an agent of WhatsApp. Nothing is to be
   * answered.
   */
  'message.standby': MessageEventData;
  /** A message was edited. */
  'message.edited': MessageEventData;
  /** A message was deleted for everyone. */
  'message.revoked': MessageEventData;
  /** A call of a person changed: it was taken, missed or ended. */
  'message.call_updated': MessageEventData;
  /** Recado stored the file of a message. */
  'media.stored': MessageEventData;
  /** Recado could not store the file of a message. */
  'media.failed': MessageEventData;
  /** WhatsApp no longer has the file of a message. */
  'media.expired': MessageEventData;
  /** An alert began to fire. */
  'alert.firing': AlertEventData;
  /** An alert is over. */
  'alert.cleared': AlertEventData;
  /** Somebody took an alert. */
  'alert.taken': AlertEventData;
  /** A campaign was created. */
  'campaign.created': CampaignEventData;
  /** Somebody asked a second person to approve a campaign. */
  'campaign.approval_asked': CampaignEventData;
  /** A second person approved a campaign. */
  'campaign.approved': CampaignEventData;
  /** A second person refused to approve a campaign. */
  'campaign.refused': CampaignEventData;
  /** An owner changed above how many people campaigns need an approval. */
  'campaign_rules.updated': {
    /** The new limit. Null for none. */
    approval_above: number | null;
    /** The owner. */
    person_id: string;
  };
  /** The settings or the approval of a campaign changed. */
  'campaign.updated': CampaignEventData;
  /** A campaign starts at a time. */
  'campaign.scheduled': CampaignEventData;
  /** Recado was not running at the start of a campaign. */
  'campaign.missed': CampaignEventData;
  /** Recado prepares the list of a campaign. */
  'campaign.preparing': CampaignEventData;
  /** A campaign sends. */
  'campaign.running': CampaignEventData;
  /** Somebody paused a campaign. */
  'campaign.paused': CampaignEventData;
  /** A rule holds a campaign. */
  'campaign.held': CampaignEventData;
  /** Every message of a campaign has an outcome. */
  'campaign.done': CampaignEventData;
  /** Somebody cancelled a campaign. */
  'campaign.cancelled': CampaignEventData;
  /** A draft was deleted. */
  'campaign.deleted': CampaignEventData;
  /** Somebody marked messages of a conversation as read, or removed the mark that it is unread. */
  'conversation.read': {
    /** The id of a conversation. */
    conversation_id: string;
    /** The id of a contact. */
    contact_id: string;
    /** The inbound messages that are still unread. */
    unread_count: number;
  };
  /** Somebody marked a conversation as unread. */
  'conversation.unread': {
    /** The id of a conversation. */
    conversation_id: string;
    /** The id of a contact. */
    contact_id: string;
    /** The unread inbound messages, at least 1 for the mark. */
    unread_count: number;
  };
  /** Somebody closed a conversation. */
  'conversation.closed': ConversationEventData;
  /** A conversation became somebody’s or nobody’s, or came to another team. */
  'conversation.assigned': {
    /** The id of a conversation. */
    conversation_id: string;
    /** The id of a contact. */
    contact_id: string;
    episode_id: string | null;
    /**
     * Of an assignment: the words of who did it. answered: a person answered, who takes it from a program. left: the
     * person left, or the API key was revoked. queued: its account gives new ones to the team. given: the team gave it
     * to a member. had_last: the same, to who had the person last. no_answer: the assignee did not answer in time.
     * offline: the assignee went offline.
     */
    reason: string | null;
    /** Whose it was. */
    from_person_id: string | null;
    /** Whose it was. */
    from_api_key_id: string | null;
    /** Whose it is. */
    to_person_id: string | null;
    /** Whose it is. */
    to_api_key_id: string | null;
    /** Of which team it was. */
    from_team_id: string | null;
    /** Of which team it is. */
    to_team_id: string | null;
    /** The person who did it. */
    person_id: string | null;
    /** The API key that did it. */
    api_key_id: string | null;
  };
  /** A person follows a conversation. */
  'conversation.followed': {
    /** The id of a conversation. */
    conversation_id: string;
    /** The id of a contact. */
    contact_id: string;
    /** Who follows it, or no longer does. */
    person_id: string;
  };
  /** A person follows a conversation no longer. */
  'conversation.unfollowed': {
    /** The id of a conversation. */
    conversation_id: string;
    /** The id of a contact. */
    contact_id: string;
    /** Who follows it, or no longer does. */
    person_id: string;
  };
  /** Somebody snoozed a conversation. */
  'conversation.snoozed': ConversationEventData;
  /** A conversation is open again, or for the first time without a message of the person. */
  'conversation.reopened': ConversationEventData;
  /** The labels of a conversation changed. */
  'conversation.updated': {
    /** The id of a conversation. */
    conversation_id: string;
    /** The id of a contact. */
    contact_id: string;
  };
  /** A team was created. */
  'team.created': TeamEventData;
  /** The settings, the members or the accounts of a team changed. */
  'team.updated': TeamEventData;
  /** A team was deleted: no open conversation is of it any more. */
  'team.deleted': TeamEventData;
  /** A person is online, away or offline: by choice, as the choice ended, or by the hours of their teams. */
  'availability.changed': {
    /** The id of a person. */
    person_id: string;
    /** What the person is from now on. */
    status: 'online' | 'away' | 'offline';
    /** When that ends. Null: with the next choice. */
    until: string | null;
    /** Whether the hours of their teams make the person online and offline. */
    follows_hours: boolean;
  };
  /** A person read what they were told of: their other devices show it no longer. */
  'notification.read': {
    /** The id of a person. */
    person_id: string;
  };
  /** A reply was saved for the workspace. Personal ones have no events. */
  'saved_reply.created': SavedReplyEventData;
  /** A reply of the workspace changed. */
  'saved_reply.updated': SavedReplyEventData;
  /** A reply of the workspace was deleted. */
  'saved_reply.deleted': SavedReplyEventData;
  /** A view was saved for the workspace. Personal ones have no events. */
  'saved_view.created': SavedViewEventData;
  /** The name or the filter of a view of the workspace changed. */
  'saved_view.updated': SavedViewEventData;
  /** A view of the workspace was deleted. */
  'saved_view.deleted': SavedViewEventData;
  /** Somebody wrote a note about a conversation. */
  'note.created': NoteEventData;
  /** The author edited a note. */
  'note.updated': NoteEventData;
  /** The author deleted a note. Its line stays. */
  'note.deleted': NoteEventData;
  /** A label was created. */
  'label.created': LabelEventData;
  /** The name or the colour of a label changed. */
  'label.updated': LabelEventData;
  /** A label was deleted: nothing has it any more. */
  'label.deleted': LabelEventData;
  /** A segment or a list was created. */
  'segment.created': SegmentEventData;
  /** The name or the filter of a segment changed, or the people of a list. */
  'segment.updated': SegmentEventData;
  /** A segment or a list was deleted. */
  'segment.deleted': SegmentEventData;
  /** Somebody took a rate card into use. */
  'rate_card.used': {
    /** The id of a rate card. */
    rate_card_id: string;
    /** The name of the card. */
    name: string;
    /** The first day that it counts for. */
    valid_from: string;
  };
  /** 80 % of a cap are spent. */
  'spend_cap.approached': SpendCapEventData;
  /** A cap is spent: its campaigns hold, and the API refuses marketing. */
  'spend_cap.reached': SpendCapEventData;
  /** A field of contacts was created. */
  'contact_field.created': ContactFieldEventData;
  /** The name, the choices or the place of a field changed. */
  'contact_field.updated': ContactFieldEventData;
  /** A field was deleted, with its values. */
  'contact_field.deleted': ContactFieldEventData;
  /** A contact was created: by a message, or by hand. */
  'contact.created': ContactEventData;
  /** The name, number, reference, metadata, fields, language, labels or reachability of a contact changed. */
  'contact.updated': ContactEventData;
  /** A contact was deleted or erased. */
  'contact.deleted': ContactEventData;
  /** Two contacts became one: Recado saw that they are one person, or somebody merged them. */
  'contact.merged': {
    /** The contact that remains. */
    contact_id: string;
    /** The contact that no longer exists. */
    merged_contact_id: string;
  };
  /** Somebody uploaded a file of contacts. */
  'import.created': ImportEventData;
  /** The rows of an import are read, and it may run. */
  'import.checked': ImportEventData;
  /** An import began to create and change contacts. */
  'import.started': ImportEventData;
  /** An import goes on, at most once in a second. Endpoints do not get it. */
  'import.progress': ImportEventData;
  /** An import is over. Its contacts have no events of their own. */
  'import.finished': ImportEventData;
  /** An import ended with an error. */
  'import.failed': ImportEventData;
  /** Somebody cancelled an import. */
  'import.cancelled': ImportEventData;
  /** An import was undone, as far as nobody used its contacts. */
  'import.undone': ImportEventData;
  /** An account was created. */
  'account.created': AccountEventData;
  /** The settings, the status or the state of the number changed. */
  'account.updated': AccountEventData;
  /** An account was deleted. */
  'account.deleted': AccountEventData;
  /** The trouble of an account ended. */
  'account.connected': Record<string, never>;
  /** WhatsApp rejects the account until somebody acts. */
  'account.needs_attention': {
    /** What is wrong. */
    reason: string;
  };
  /** An account sends no more until a time, because a limit is reached. */
  'account.limit_reached': {
    /** The limit: daily_limit, throttled or flagged. */
    limit: string;
    /** When it sends again. Null: once somebody resumes it. */
    until: string | null;
  };
  /** WhatsApp posted a notice about an account or its business. */
  'account.notice_received': {
    /** WhatsApp's name of the notice. */
    field: string;
    /** The business account at WhatsApp. */
    business_id: string | null;
    /** The notice as WhatsApp wrote it. */
    value: unknown;
  };
  /** The link of an account to its phone changed its state. */
  'account.link_changed': {
    /** The state before. */
    from:
      | 'unlinked'
      | 'linking'
      | 'connected'
      | 'reconnecting'
      | 'logged_out'
      | 'banned'
      | 'outdated'
      | 'failed';
    /** The state now. */
    state:
      | 'unlinked'
      | 'linking'
      | 'connected'
      | 'reconnecting'
      | 'logged_out'
      | 'banned'
      | 'outdated'
      | 'failed';
    /** Human-readable: why. */
    reason: string | null;
    /** The disconnect code of WhatsApp, such as 401 or 440. */
    code: number | null;
    /**
     * Machine-readable: the cause. passkey_required: WhatsApp demands a passkey to link this number; use the Cloud API.
     * used_elsewhere: another program uses the same link. phone_may_keep: remove the device on the phone. unreachable:
     * this machine does not reach WhatsApp. Null: another one, see `reason`.
     */
    cause: 'passkey_required' | 'used_elsewhere' | 'phone_may_keep' | 'unreachable' | null;
  };
  /** There is a fresh code to link a phone with. The earlier one no longer works. */
  'account.link_code_created': {
    /** qr: for the camera. pairing_code: to type in. */
    method: 'qr' | 'pairing_code';
    /** The text of the QR code, or the pairing code. */
    value: string;
    /** Which code of this attempt it is: 1, 2, 3 and so on. */
    number: number;
    /** How many codes there are before linking ends. */
    of: number;
    /** When it stops working. */
    expires_at: string;
  };
  /** A connected phone was silent for longer than it usually is. */
  'account.silence_detected': {
    /** How long nothing came or went. */
    silent_seconds: number;
    /** The longest usual silence of this account at such times. */
    usual_seconds: number;
    /** What Recado did about it. */
    action: 'probed' | 'reconnected';
  };
  /** A template is new. */
  'template.created': TemplateEventData;
  /** The status or the content of a template changed. */
  'template.updated': TemplateEventData;
  /** A template was deleted. */
  'template.deleted': TemplateEventData;
  /** A person wants no messages, or no marketing messages. */
  'opt_out.created': OptOutEventData;
  /** An opt-out ended. */
  'opt_out.deleted': OptOutEventData;
  /** A message may mean an opt-out: a person decides. */
  'opt_out.suggested': {
    /** The id of a suggestion of an opt-out. */
    opt_out_suggestion_id: string;
    /** The id of a message. */
    message_id: string;
    /** The id of a conversation. */
    conversation_id: string;
    /** The id of a contact. */
    contact_id: string;
  };
  /** Recado could not apply an item of a webhook of WhatsApp. */
  'dead_letter.created': {
    /** The id of a dead letter. */
    dead_letter_id: string;
    /** Why not. */
    code: string;
  };
  /** An endpoint for webhooks was created. */
  'endpoint.created': EndpointEventData;
  /** An endpoint was changed, paused or resumed. */
  'endpoint.updated': EndpointEventData;
  /** An endpoint was deleted. */
  'endpoint.deleted': EndpointEventData;
  /** Recado disabled an endpoint. */
  'endpoint.disabled': EndpointEventData;
  /** A delivery to an endpoint failed, and the one before had succeeded. At most once in ten minutes. */
  'endpoint.failing': EndpointEventData;
  /** An endpoint answers again after failures. */
  'endpoint.recovered': EndpointEventData;
  /** A test event, for one endpoint only. An endpoint that is sent an example gets that instead. */
  'endpoint.test': {
    /** The id of an endpoint. */
    endpoint_id: string;
    /** Always null. */
    reason: string | null;
    /** The type whose example was sent. Null if none was. */
    event_type: string | null;
  };
  /** Somebody created a wall view and its link. */
  'wall_view.created': WallViewEventData;
  /** Somebody revoked a wall view: its link shows nothing any more. */
  'wall_view.revoked': WallViewEventData;
  /** Somebody created a hook and its address. */
  'hook.created': HookEventData;
  /** Somebody changed a hook. */
  'hook.updated': HookEventData;
  /** A hook has a new address; the former one ended. */
  'hook.rotated': HookEventData;
  /** Somebody revoked a hook: its address takes no calls any more. */
  'hook.revoked': HookEventData;
  /** All attempts of a delivery failed. Deliveries of events about endpoints are left out. */
  'delivery.failed': {
    /** The id of an endpoint. */
    endpoint_id: string;
    /** The id of a delivery. */
    delivery_id: string;
    /** The event that was not delivered. */
    event_id: string;
    /** The type of that event. */
    event_type: string;
    /** Why the last attempt failed. */
    error: string | null;
    /** The HTTP status of the last answer, if any. */
    http_status: number | null;
  };
}

/** The type of an event. */
export type EventType = keyof EventData;

/** A type of event, or all of a group: `message.*`. */
export type EventPattern = EventType | `${EventType extends `${infer Group}.${string}` ? Group : never}.*`;

/** An event. `type` says what `data` is. A later version of Recado may have more types. */
export type RecadoEvent<Type extends EventType = EventType> = {
  [Each in Type]: {
    /** The id of the event. The same wherever and however often you get it. */
    id: string;
    /** The type of the event. */
    type: Each;
    /** The time when Recado recorded the event. */
    timestamp: string;
    workspace_id: string;
    /** The account that it is about, if any. */
    account_id: string | null;
    /** What happened. */
    data: EventData[Each];
  };
}[Type];
