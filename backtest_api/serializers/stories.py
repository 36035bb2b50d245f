"""Why a run did what it did, as the endpoint answers it."""

from typing import Any

from rest_framework import serializers


class VerdictSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    truth = serializers.BooleanField(allow_null=True, help_text="null: undefined, since an operand had no value")
    ago = serializers.IntegerField(help_text="bars before the one that was asked about")
    values = serializers.ListField(
        child=serializers.DictField(), help_text="`text` and `value` of what was compared, null where undefined"
    )
    parts = serializers.ListField(child=serializers.DictField(), help_text="verdicts: those that decided")
    note = serializers.CharField(allow_blank=True)


class WordsSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    start = serializers.IntegerField(help_text="in the text that the strategy's provenance keeps")
    end = serializers.IntegerField()


class RuleStorySerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=["entry", "exit", "time_exit"])
    side = serializers.ChoiceField(choices=["long", "short"], allow_null=True)
    path = serializers.CharField(help_text="a JSON pointer into canonical_json")
    sentence = serializers.CharField()
    words = WordsSerializer(many=True)
    outcome = serializers.ChoiceField(
        choices=["acted", "not_true", "undefined", "barred", "set_aside", "no_order", "not_concerned"]
    )
    reason = serializers.CharField(allow_blank=True)
    verdict = VerdictSerializer(allow_null=True)


class FilterStorySerializer(serializers.Serializer[Any]):
    path = serializers.CharField()
    sentence = serializers.CharField()
    passed = serializers.BooleanField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    verdict = VerdictSerializer(allow_null=True)


class FillSerializer(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(choices=["entry", "exit"])
    size = serializers.IntegerField(help_text="units; negative when sold")
    price = serializers.FloatField()
    rule = serializers.CharField(help_text="the entry rule of the position")
    closed_by = serializers.CharField(allow_null=True, help_text="of an exit, as a trade has it")
    signal_bar = serializers.IntegerField(allow_null=True, help_text="on whose close it was sent; null for a stop")
    signal_time = serializers.CharField(allow_null=True)


class PositionStorySerializer(serializers.Serializer[Any]):
    side = serializers.ChoiceField(choices=["long", "short"])
    size = serializers.IntegerField()
    entry_price = serializers.FloatField()
    entry_bar = serializers.IntegerField()
    entry_time = serializers.CharField()
    rule = serializers.CharField()
    stop_price = serializers.FloatField(allow_null=True, help_text="from the next bar on")
    target_price = serializers.FloatField(allow_null=True)
    open_profit_pct = serializers.FloatField()
    bars_held = serializers.IntegerField()


class WaitingOrderSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    type = serializers.ChoiceField(choices=["market", "limit", "stop"])
    side = serializers.ChoiceField(choices=["long", "short"])
    price = serializers.FloatField(allow_null=True)
    sent_bar = serializers.IntegerField()
    last_bar = serializers.IntegerField(allow_null=True, help_text="the last it is good for; null: no end")


class BarStorySerializer(serializers.Serializer[Any]):
    """One bar: what it filled, and what was decided at its close. Stamps are those of the bars, in their zone."""

    bar = serializers.IntegerField()
    time = serializers.CharField()
    prices = serializers.DictField(child=serializers.FloatField())
    equity = serializers.FloatField()
    evaluated = serializers.BooleanField(help_text="whether rules were judged")
    why_not_evaluated = serializers.CharField(allow_blank=True)
    fills = FillSerializer(many=True)
    position = PositionStorySerializer(allow_null=True, help_text="after the fills")
    waiting = WaitingOrderSerializer(allow_null=True)
    rules = RuleStorySerializer(many=True)
    filters = FilterStorySerializer(many=True)
    protection = serializers.ListField(child=serializers.CharField(), help_text="what became of stop and target")
    reports = serializers.ListField(child=serializers.CharField(), help_text="orders cancelled, replaced or not sent")
    sentences = serializers.ListField(child=serializers.CharField())


class TradeStorySerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    opened_by = serializers.CharField()
    closed_by = serializers.CharField()
    entry = BarStorySerializer(help_text="the bar on whose close the entry was sent")
    exit = BarStorySerializer(
        help_text="the bar on whose close the exit was sent, or in which a stop or target closed it"
    )
    entry_bar = serializers.IntegerField()
    exit_bar = serializers.IntegerField()
    sentences = serializers.ListField(child=serializers.CharField())


class WhySerializer(serializers.Serializer[Any]):
    sentences = serializers.ListField(child=serializers.CharField(), help_text="the answer in words")
    bar = BarStorySerializer(allow_null=True)
    trade = TradeStorySerializer(allow_null=True)
    notices = serializers.ListField(
        child=serializers.CharField(), help_text="where the run's figures may be others than those of this story"
    )
