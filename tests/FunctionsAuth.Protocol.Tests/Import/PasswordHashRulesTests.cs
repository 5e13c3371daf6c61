namespace FunctionsAuth.Protocol.Tests.Import;

/// <summary>What an import says of a password_hash that this server can't or would not verify. Nothing is written then.</summary>
public sealed class PasswordHashRulesTests
{
    private const string Unknown =
        "must be a hash as ASP.NET Core Identity's PasswordHasher writes it, or begin with $2a$, $2b$, $2y$, $argon2id$, $pbkdf2$, $pbkdf2-sha256$ or $pbkdf2-sha512$";

    private const string Iterations = "must have 1 to 5000000 iterations";
    private const string Bcrypt = "must have a cost of two digits, a $, and 53 characters that bcrypt writes";
    private const string Parts = "must have parameters, a salt and a hash, each after a $";
    private const string Salt = "must have a salt of 8 to 64 bytes in base64";
    private const string Hash = "must have a hash of 16 to 64 bytes in base64";
    private const string Pbkdf2Parameters = "must have the parameters i, l at most once, as whole numbers, and no others";
    private const string Argon2Parameters = "must have the parameters v, m, t, p at most once, as whole numbers, and no others";
    private const string Lanes = "must have 1 to 16 lanes, as the parameter p";
    private const string Memory = "must have 8 KiB for each lane and 65536 KiB at most, as the parameter m";
    private const string Passes = "must have at least one pass, as the parameter t, and m times t must be at most 655360";

    // 16 and 32 bytes.
    private const string S = "AAECAwQFBgcICQoLDA0ODw";
    private const string H = "dmWBQNtvdeeRvNWJG4GlnGTE0t3tamf2ps8voZ60HXw";

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AQAAAAIAAYagAAAAEA==")]
    [InlineData("AgAAAAIAAYagAAAAEFvzM4eVHRwHTWv0LU+pCMaF5Q9lCdFWmOrqYwTwQ8dW3Jq4W0c8j6u5gB1hZxw2kg==")]
    [InlineData("AQAAAAMAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==")]
    [InlineData("AQAAAAIAAAPoAAAACAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==")]
    [InlineData("AQAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=")]
    [InlineData("AQAAAAIAAAPo/////wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==")]
    [InlineData("$1$c2FsdHNhbHQ$aGFzaA")]
    [InlineData("$2x$10$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS")]
    [InlineData("$argon2i$v=19$m=64,t=1,p=1$" + S + "$" + H)]
    [InlineData("$scrypt$ln=14,r=8,p=1$" + S + "$" + H)]
    [InlineData("$PBKDF2-SHA256$i=1000$" + S + "$" + H)]
    [InlineData("pbkdf2_sha256$1000$salt$" + H)]
    public void An_unknown_form_is_refused(string hash) => Expect(hash, Unknown);

    [Theory]
    [InlineData("AQAAAAIATEtBAAAAEAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==", Iterations)]
    [InlineData("AQAAAAIAAAAAAAAAEAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==", Iterations)]
    [InlineData("AQAAAAL/////AAAAEFvzM4eVHRwHTWv0LU+pCMaF5Q9lCdFWmOrqYwTwQ8dW3Jq4W0c8j6u5gB1hZxw2kg==", Iterations)]
    [InlineData("$pbkdf2-sha256$i=0$" + S + "$" + H, Iterations + ", as the parameter i")]
    [InlineData("$pbkdf2-sha512$i=5000001$" + S + "$" + H, Iterations + ", as the parameter i")]
    [InlineData("$pbkdf2-sha256$l=32$" + S + "$" + H, Iterations + ", as the parameter i")]
    [InlineData("$pbkdf2-sha256$i=1000,l=64$" + S + "$" + H, "must have a hash of as many bytes as the parameter l says")]
    [InlineData("$pbkdf2-sha256$i=1000,i=1000$" + S + "$" + H, Pbkdf2Parameters)]
    [InlineData("$pbkdf2-sha256$i=1000,x=1$" + S + "$" + H, Pbkdf2Parameters)]
    [InlineData("$pbkdf2-sha256$i=-5$" + S + "$" + H, Pbkdf2Parameters)]
    [InlineData("$pbkdf2-sha256$i=99999999999$" + S + "$" + H, Pbkdf2Parameters)]
    [InlineData("$pbkdf2-sha256$29000$" + S + "$" + H, Pbkdf2Parameters)]
    [InlineData("$pbkdf2-sha256$$i=1000$" + S + "$" + H, Pbkdf2Parameters)]
    [InlineData("$pbkdf2-sha256$i=1000$" + S, Parts)]
    [InlineData("$pbkdf2$i=1000$" + S + "$" + H + "$" + H + "$", Parts)]
    [InlineData("$pbkdf2-sha256$i=1000$c2FsdA$" + H, Salt)]
    [InlineData("$pbkdf2-sha256$i=1000$AAECAwQFBgcICQ o$" + H, Salt)]
    [InlineData("$pbkdf2-sha256$i=1000$" + S + S + H + "$" + H, Salt)]
    [InlineData("$pbkdf2-sha256$i=1000$" + S + "$AAECAwQFBgc", Hash)]
    [InlineData("$pbkdf2-sha256$i=1000$" + S + "$dmWBQNtvdeeRvNWJG4GlnGTE0t3tamf2ps8voZ60HX-", Hash)]
    [InlineData("$pbkdf2-sha256$i=1000$" + S + "$" + S + S + H, Hash)]
    public void Wrong_PBKDF2_is_refused(string hash, string problem) => Expect(hash, problem);

    [Theory]
    [InlineData("$2b$10$abc", Bcrypt)]
    [InlineData("$2b$1$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS", Bcrypt)]
    [InlineData("$2b$10$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08x+", Bcrypt)]
    [InlineData("$2b$10$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xSS", Bcrypt)]
    [InlineData("$2b$10$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS\\n", Bcrypt)]
    [InlineData("$2b$03$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS", "must have a cost from 4 to 14")]
    [InlineData("$2b$15$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS", "must have a cost from 4 to 14")]
    public void Wrong_bcrypt_is_refused(string hash, string problem) => Expect(hash, problem);

    [Theory]
    [InlineData("$argon2id$m=64,t=1,p=1$" + S + "$" + H, "must have v=19, the version 1.3 of Argon2")]
    [InlineData("$argon2id$v=16$m=64,t=1,p=1$" + S + "$" + H, "must have v=19, the version 1.3 of Argon2")]
    [InlineData("$argon2id$v=19$m=64,t=1$" + S + "$" + H, Lanes)]
    [InlineData("$argon2id$v=19$m=64,t=1,p=0$" + S + "$" + H, Lanes)]
    [InlineData("$argon2id$v=19$m=1024,t=1,p=17$" + S + "$" + H, Lanes)]
    [InlineData("$argon2id$v=19$t=1,p=1$" + S + "$" + H, Memory)]
    [InlineData("$argon2id$v=19$m=31,t=1,p=4$" + S + "$" + H, Memory)]
    [InlineData("$argon2id$v=19$m=65537,t=1,p=1$" + S + "$" + H, Memory)]
    [InlineData("$argon2id$v=19$m=64,p=1$" + S + "$" + H, Passes)]
    [InlineData("$argon2id$v=19$m=64,t=0,p=1$" + S + "$" + H, Passes)]
    [InlineData("$argon2id$v=19$m=65536,t=11,p=1$" + S + "$" + H, Passes)]
    [InlineData("$argon2id$v=19$m=64,t=2147483647,p=1$" + S + "$" + H, Passes)]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1,m=64$" + S + "$" + H, Argon2Parameters)]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1,keyid=AA$" + S + "$" + H, Argon2Parameters)]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$c2FsdA$" + H, Salt)]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$" + S + "$" + H + "$", Parts)]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$" + S + "$", Hash)]
    public void Wrong_Argon2_is_refused(string hash, string problem) => Expect(hash, problem);

    [Theory]
    [InlineData("AQAAAAIATEtAAAAAEAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLw==")]
    [InlineData("$pbkdf2-sha512$i=5000000$" + S + "$" + H)]
    [InlineData("$2a$14$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS")]
    [InlineData("$argon2id$v=19$m=65536,t=10,p=1$" + S + "$" + H)]
    [InlineData("$argon2id$v=19$t=1,p=16,m=128$" + S + "==$" + H + "=")]
    public void The_most_that_is_taken(string hash) => Assert.Empty(Files.ProblemsOf(Files.User($"\"password_hash\": \"{hash}\"")));

    [Fact]
    public void The_problem_has_its_line_and_quotes_nothing_of_the_hash()
    {
        var problem = Assert.Single(Files.ProblemsOf("""
            { "users": [
              { "username": "alice", "password_hash": "$2b$10$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS" },
              { "username": "bob",
                "password_hash": "$2b$31$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS" }
            ] }
            """));
        Assert.Equal("Line 4: users[1].password_hash must have a cost from 4 to 14.", problem.ToString());
    }

    private static void Expect(string hash, string problem) =>
        Assert.Equal([("users[0].password_hash", problem)], Files.ProblemsOf(Files.User($"\"password_hash\": \"{hash}\"")).Select(found => (found.Path, found.Problem)));
}
