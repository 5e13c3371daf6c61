using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>The claims of OpenID Connect Core §5.1: which scope stands for which (§5.4), and what form each has.</summary>
internal static class StandardClaims
{
    private static readonly string[] Texts =
    [
        "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email",
        "gender", "zoneinfo", "locale", "phone_number", "txn",
    ];

    private static readonly Dictionary<string, string[]> Scopes = new()
    {
        ["profile"] =
        [
            "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender",
            "birthdate", "zoneinfo", "locale", "updated_at",
        ],
        ["email"] = ["email", "email_verified"],
        ["phone"] = ["phone_number", "phone_number_verified"],
        ["address"] = ["address"],
    };

    public static IReadOnlyList<string> Of(IEnumerable<string> scopes) => [.. scopes.SelectMany(scope => Scopes.GetValueOrDefault(scope, []))];

    public static void ShouldBeWellFormed(JsonObject claims)
    {
        foreach (var (name, value) in claims)
        {
            Assert.True(value is not null, $"{name} is null");
            if (Texts.Contains(name))
                Text(name, value);
            else if (name is "email_verified" or "phone_number_verified")
                Assert.True(value.GetValueKind() is JsonValueKind.True or JsonValueKind.False, $"{name} is no boolean");
        }
        if (claims["updated_at"] is { } updatedAt)
            Assert.InRange(updatedAt.GetValue<long>(), DateTimeOffset.UnixEpoch.AddYears(20).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds());
        if (claims["birthdate"] is { } birthdate)
            Birthdate(birthdate.GetValue<string>());
        if (claims["address"] is { } address)
        {
            Assert.NotEmpty(address.AsObject());
            foreach (var (name, value) in address.AsObject())
                Text($"address.{name}", value!);
        }
    }

    private static void Text(string name, JsonNode value)
    {
        Assert.True(value.GetValueKind() == JsonValueKind.String, $"{name} is no string");
        var text = value.GetValue<string>();
        Assert.False(string.IsNullOrWhiteSpace(text) || text == "null", $"{name} says nothing");
    }

    private static void Birthdate(string text)
    {
        Assert.Matches(@"^\d{4}(-\d{2}-\d{2})?\z", text);
        var year = int.Parse(text[..4], CultureInfo.InvariantCulture);
        Assert.True(year == 0 || (year >= 1850 && year <= DateTime.UtcNow.Year), $"Nobody was born in {year}");
        if (text.Length > 4)
            Assert.True(DateOnly.TryParseExact($"2000{text[4..]}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), $"There is no day {text}");
    }
}
