using System.Buffers.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Checks;

/// <summary>X-JWKS: public keys alone, whole, each with a name of its own.</summary>
internal static class JwksCheck
{
    private static readonly string[] Private = ["k", "d", "p", "q", "dp", "dq", "qi", "oth"];

    public static void Verify(Answer answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Body}");
        var keys = Assert.IsType<JsonArray>(answer.Json["keys"]).Select(key => Assert.IsType<JsonObject>(key)).ToList();
        Assert.NotEmpty(keys);
        foreach (var key in keys)
            Key(key);
        var kids = keys.Select(key => key["kid"]?.GetValue<string>()).ToList();
        Assert.All(kids, kid => Assert.False(string.IsNullOrWhiteSpace(kid)));
        Assert.Equal(kids.Count, kids.Distinct().Count());
    }

    private static void Key(JsonObject key)
    {
        Assert.DoesNotContain(key, member => Private.Contains(member.Key));
        switch (key["kty"]?.GetValue<string>())
        {
            case "RSA":
                Assert.True(Coordinate(key, "n").Length >= 2048 / 8, "An RSA key has fewer than 2048 bits");
                Coordinate(key, "e");
                break;
            case "EC":
                Assert.Equal("P-256", key["crv"]?.GetValue<string>());
                Assert.Equal(32, Coordinate(key, "x").Length);
                Assert.Equal(32, Coordinate(key, "y").Length);
                break;
            default:
                Assert.Fail($"A key has kty {key["kty"]}");
                break;
        }
    }

    /// <summary>base64url without padding.</summary>
    private static byte[] Coordinate(JsonObject key, string name)
    {
        var text = key[name]!.GetValue<string>();
        Assert.Matches("^[A-Za-z0-9_-]+\\z", text);
        return Base64Url.DecodeFromChars(text);
    }
}
