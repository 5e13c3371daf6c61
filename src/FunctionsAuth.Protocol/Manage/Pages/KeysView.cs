using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The signing keys, in order of time.</summary>
public sealed class KeysView : ManageView
{
    public const string Name = "keys";

    private const string Rotate = "rotate";
    private const string Disable = "disable";
    private const string Force = "force";

    public override string Route => Name;

    public override string Scope => ManageScopes.KeysRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var keys = (await visit.GetAsync<ApiList<KeyView>>("list_keys", cancellation)).Items;
        var mayWrite = visit.May(ManageScopes.KeysWrite);
        return ManageContent.Of(
            Phrase.Of($"Keys"),
            new ManageText(Phrase.Of($"A new key is announced before it starts to sign, and an old key is kept for a while after it stops, so that the change causes no errors.")),
            mayWrite ? new ManageButtons([visit.AskButton(Rotate, Phrase.Of($"Make new keys")) with { IsDanger = false }]) : null,
            mayWrite ? visit.Asking(Rotate, Phrase.Of($"Make new keys? They start to sign after they have been announced for long enough."), Phrase.Of($"Make new keys")) : null,
            mayWrite ? AskDisable(visit, keys) : null,
            new ManageRows([.. keys.OrderByDescending(key => key.CreatedAt).Select(key => RowOf(visit, key, mayWrite))], Phrase.Of($"Timeline")) { IsTimeline = true });
    }

    private static ManageForm? AskDisable(ManageVisit visit, IReadOnlyList<KeyView> keys) => keys.Select(key => visit.Asking(
        Disable, Phrase.Of($"Disable the key {key.Kid}? Tokens that it signed become invalid when apps read the keys again."), Phrase.Of($"Disable"), target: key.Kid,
        fields: [new ManageField(Force, Phrase.Of($"Disable it even if this service cannot sign until there is a new key"), ManageFieldKind.Check)])).FirstOrDefault(form => form is not null);

    private static ManageRow RowOf(ManageVisit visit, KeyView key, bool mayWrite) => new(ManageValue.Code(key.Kid))
    {
        Tags = [NameOf(key.State)],
        Facts =
        [
            Forms.Fact(Phrase.Of($"Algorithms"), ManageValue.Code(string.Join(' ', key.Algorithms))),
            Forms.Fact(Phrase.Of($"Since"), ManageValue.Of(key.Since)),
            .. key is { NextState: { } next, NextAt: { } at } ? [new ManageFact(ManageValue.Of(NameOf(next)), ManageValue.Of(at))] : Array.Empty<ManageFact>(),
            Forms.Fact(Phrase.Of($"Created"), ManageValue.Of(key.CreatedAt)),
        ],
        Buttons = mayWrite && key.State != KeyUse.Retired ? [visit.AskButton(Disable, Phrase.Of($"Disable"), key.Kid, key.Kid)] : [],
    };

    public static Phrase NameOf(KeyUse state) => state switch
    {
        KeyUse.Announced => Phrase.Of($"Announced"),
        KeyUse.Signing => Phrase.Of($"Signs"),
        KeyUse.Standby => Phrase.Of($"Stands by"),
        KeyUse.Retained => Phrase.Of($"Only verifies"),
        _ => Phrase.Of($"Ended"),
    };

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        switch (form[PageFields.Action])
        {
            case Rotate:
                await visit.CallAsync("rotate_keys", cancellation);
                return new ManageResult(null, Phrase.Of($"New keys are made."));
            case Disable:
                await visit.CallAsync("disable_key", cancellation, new JsonObject { ["force"] = form.Flag(Force) }, values: [("kid", form[PageFields.Target])]);
                return new ManageResult(null, Phrase.Of($"The key is disabled."));
            default:
                return new ManageResult(null);
        }
    }
}
