using System.Buffers.Text;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>Handles that are not what the server gave out: whoever presents them learns nothing and changes nothing.</summary>
public sealed class ForgedHandleTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData(0)]
    [InlineData(Handles.Address)]
    [InlineData(Handles.Address + 3)]
    [InlineData(Handles.FamilySecret)]
    [InlineData(Handles.Secret - 1)]
    [InlineData(Handles.Secret)]
    [InlineData(Handles.Secret + 31)]
    public async Task A_forged_code_changes_nothing(int at)
    {
        var code = await shared.CodeAsync();
        (await shared.App().RedeemAsync(Handles.Forge(code, at))).ShouldFail("invalid_grant");
        var tokens = (await shared.App().RedeemAsync(code)).ShouldBeOk();

        // After redemption a forgery is no reuse.
        (await shared.App().RedeemAsync(Handles.Forge(code, at))).ShouldFail("invalid_grant");
        (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Handles.Address)]
    [InlineData(Handles.Address + 3)]
    [InlineData(Handles.FamilySecret)]
    [InlineData(Handles.Secret - 1)]
    public async Task A_forged_refresh_token_changes_nothing(int at)
    {
        var tokens = await shared.TokensAsync();
        var forged = Handles.Forge(tokens.RefreshToken, at);
        (await shared.App().RefreshAsync(forged)).ShouldFail("invalid_grant");
        (await shared.App().IntrospectAsync(forged)).ShouldBeInactive();
        (await shared.App().RevokeAsync(forged)).ShouldBeOk();
        (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task The_family_secret_with_an_unknown_last_part_is_reuse_as_only_a_holder_can_make_it()
    {
        var tokens = await shared.TokensAsync();
        (await shared.App().RefreshAsync(Handles.Forge(tokens.RefreshToken, Handles.Secret))).ShouldFail("invalid_grant");
        await shared.App().ShouldBeRevokedAsync(tokens);
    }

    [Fact]
    public async Task A_code_is_no_refresh_token()
    {
        var code = await shared.CodeAsync();
        (await shared.App().RefreshAsync(code)).ShouldFail("invalid_grant");
        (await shared.App().IntrospectAsync(code)).ShouldBeInactive();
        (await shared.App().RevokeAsync(code)).ShouldBeOk();
        (await shared.App().RedeemAsync(code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_refresh_token_is_no_code()
    {
        var tokens = await shared.TokensAsync();
        (await shared.App().RedeemAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_code_with_the_kind_of_a_refresh_token_is_no_current_token()
    {
        var code = await shared.CodeAsync();
        var bytes = Base64Url.DecodeFromChars(code);
        bytes[0] = 2;
        // Before the code is redeemed there is no refresh token that it could be.
        (await shared.App().RefreshAsync(Base64Url.EncodeToString(bytes))).ShouldFail("invalid_grant");
        (await shared.App().RedeemAsync(code)).ShouldBeOk();
    }

    public static TheoryData<string> Spellings =>
    [
        "padded", "padded twice", "space behind", "space before", "line end", "tab inside", "standard alphabet", "short", "long",
        "percent", "not ASCII", "fullwidth",
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task A_handle_has_one_spelling(string how)
    {
        // Its first characters are the kind and the hour; this one certainly has a letter that the standard alphabet writes otherwise.
        string code;
        do
            code = await shared.CodeAsync();
        while (!code.Contains('-', StringComparison.Ordinal) && !code.Contains('_', StringComparison.Ordinal));

        (await shared.App().RedeemAsync(Spell(how, code))).ShouldFail("invalid_grant");
        var tokens = (await shared.App().RedeemAsync(code)).ShouldBeOk();

        var respelled = Spell(how, tokens.RefreshToken);
        if (respelled == tokens.RefreshToken)
            return;
        (await shared.App().RefreshAsync(respelled)).ShouldFail("invalid_grant");
        (await shared.App().IntrospectAsync(respelled)).ShouldBeInactive();
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    private static string Spell(string how, string handle) => how switch
    {
        "padded" => handle + "=",
        "padded twice" => handle + "==",
        "space behind" => handle + " ",
        "space before" => " " + handle,
        "line end" => handle + "\n",
        "tab inside" => handle[..50] + "\t" + handle[50..],
        "standard alphabet" => handle.Replace('-', '+').Replace('_', '/'),
        "short" => handle[..^1],
        "long" => handle + "A",
        "percent" => handle[..^1] + Uri.HexEscape(handle[^1]),
        "not ASCII" => handle[..^1] + "\u00e9",
        _ => handle[..^1] + (char)(handle[^1] + 0xfee0),
    };
}
