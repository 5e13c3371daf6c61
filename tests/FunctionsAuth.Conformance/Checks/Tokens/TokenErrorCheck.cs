using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>X-TERR: an error of the token endpoint (RFC 6749 §5.2).</summary>
internal static class TokenErrorCheck
{
    public static void Verify(Answer answer, params string[] errors)
    {
        Assert.True(answer.Status is 400 or 401, $"{answer.Status}: {answer.Body}");
        Assert.Equal("application/json", answer.MediaType);
        var json = answer.Json;
        var error = json["error"]!.GetValue<string>();
        Assert.Contains(error, errors);
        Assert.True(answer.Status == 400 || error == "invalid_client", $"{error} comes with 401");
        ErrorRedirectCheck.Texts(error, json["error_description"]?.GetValue<string>(), json["error_uri"]?.GetValue<string>());
    }
}
