namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Checks that every answer of an endpoint for programs must pass, in addition to the subject of a test.</summary>
public static class Expectations
{
    public static JsonAnswer ShouldBeOk(this JsonAnswer answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
        answer.ShouldNotBeStored();
        return answer;
    }

    public static JsonAnswer ShouldFail(this JsonAnswer answer, string error, int status = 400)
    {
        Assert.True(answer.Status == status && answer.Error == error, $"Expected {status} {error}, got {answer.Status} {answer.Json}");
        // RFC 6749 §5.2: printable ASCII without quote and backslash.
        Assert.All(answer["error_description"]!, c => Assert.True(c is >= ' ' and <= '~' and not ('"' or '\\'), answer["error_description"]));
        answer.ShouldNotBeStored();
        return answer;
    }

    public static JsonAnswer ShouldBeInactive(this JsonAnswer answer)
    {
        answer.ShouldBeOk();
        // RFC 7662 §2.2: no other member is allowed.
        Assert.Equal("""{"active":false}""", answer.Json.GetRawText());
        return answer;
    }

    /// <summary>Status 503 with <c>Retry-After</c> and the error code for it.</summary>
    public static void ShouldBeUnavailable(this JsonAnswer answer)
    {
        answer.ShouldFail("temporarily_unavailable", 503);
        Assert.True(answer.Response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1), "There is no Retry-After");
    }

    /// <summary>No token of the family is valid any more.</summary>
    public static async Task ShouldBeRevokedAsync(this ClientApp app, JsonAnswer tokens, string? refreshToken = null)
    {
        (await app.RefreshAsync(refreshToken ?? tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
    }

    private static void ShouldNotBeStored(this JsonAnswer answer)
    {
        Assert.Equal("no-store", answer.Response.Headers.CacheControl?.ToString());
        if (answer.Response.Content.Headers.ContentLength > 0)
            Assert.Equal("application/json", answer.Response.Content.Headers.ContentType?.ToString());
    }
}
